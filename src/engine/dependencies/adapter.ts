import type { ErrorCode } from '../../protocol/errors';
import type { RegistryHosts } from '../gateway/door';
import type { Language } from '../../protocol/sandbox';

/** A manifest or lock as the workspace has it (host side of the index), whole. Untrusted. */
export interface ManifestFile {
  /** Relative to the workspace, '/'-separated. */
  path: string;
  content: Buffer;
}

/** Manifests that belong together: one project of a folder that may hold several. */
export interface Project {
  language: Language;
  /** Folder of the project, relative to the workspace; '' for the workspace itself. */
  root: string;
  /** What this project declares its dependencies with, e.g. `uv.lock` or `package.json`: the one that is installed from. */
  manifest: string;
  /** Every path whose content decides what is installed: manifest, lock, constraints, included files, workspace members. */
  inputs: string[];
}

/** A dependency as a manifest names it, before anything was installed. */
export interface Requested {
  name: string;
  /** As written, e.g. `>=2,<3` or `^4.17`; undefined when any version will do. */
  version?: string;
  /** Where it stands. Line is 1-based. */
  path: string; line?: number;
  /** Not from a registry: a git address, a file, an URL. Refused or asked for by policy, never silently fetched. */
  source?: { kind: 'git' | 'path' | 'url' | 'registry'; address: string };
}

/**
 * One command of an install, by /bin/sh in a container of its own, with the workspace read-only at /sandbox/workspace and the new
 * set's volume at /sandbox/deps, which every run later sees read-only at the same path. Below /sandbox/deps a step may write the
 * adapter's `folders` and SCRATCH, nothing else. HOME and TMPDIR lie in SCRATCH.
 */
export interface InstallStep {
  /** A few words for the user: `Downloading`, `Building`. */
  title: string;
  /** True: with the gateway as the only door. False: no network at all, for package scripts and builds. */
  network: boolean;
  /** With `network`: a door of this step's own, to these hosts instead of the registries, for what a script of ours alone downloads. */
  hosts?: string[];
  script: string;
  environment: Record<string, string>;
  /** True: runs only when the step before it ran and ended with ASKED. */
  ifAsked?: boolean;
  /** Reads a line of the step's own output; a line that says how far it is, answers it. */
  progress?(line: string): { message: string; done?: number; total?: number } | undefined;
  /** Reads a line the same way; one that tells something about what is installed all the same, answers a sentence for the user. */
  remark?(line: string): string | undefined;
  /**
   * Reads a line of the step's own output: addresses that the tool itself downloads from, which the steps after it may reach as well.
   * Only for a step in which nothing of the project runs.
   */
  registries?(line: string): string[];
  /** Reads the end of a failed step's output; undefined leaves the general sentence. `about`: packages whose place in a manifest is worth naming. */
  explain?(tail: string): { code: InstallFailure; message: string; action?: string; path?: string; line?: number; about?: string[] } | undefined;
}

export const INSTALL_FAILURES = [
  'package-unknown', 'version-conflict', 'version-yanked', 'no-build-for-platform', 'manifest-invalid', 'registry-unreachable', 'tls-untrusted',
  'source-refused', 'policy-refused', 'hash-mismatch', 'disk-full', 'build-failed', 'install-failed',
] as const satisfies readonly ErrorCode[];
export type InstallFailure = (typeof INSTALL_FAILURES)[number];

/** A step that ends with this code is done, and asks for the steps after it that are there for the case. */
export const ASKED = 75;

/** Gone when the install is over; shared by its steps, on disk, so that big archives fit. */
export const SCRATCH = '/sandbox/deps/scratch';

export interface InstallPlan {
  requested: Requested[];
  /**
   * Written before the first step, paths relative to /sandbox/deps. Steps that install from these, and not from the workspace,
   * install exactly what was planned, whatever a run has made of the workspace's own copy.
   */
  files?: Array<{ path: string; content: Buffer | string }>;
  /** Sentences for the user: what was left out and why. */
  notices?: string[];
  /** How many packages the lock names; undefined without a lock. */
  packages: number | undefined;
  steps: InstallStep[];
  /** Locks the steps leave below /sandbox/deps, to be offered to the workspace. */
  locks: Array<{ from: string; path: string }>;
}

export interface PlanOptions {
  groups?: string[];
  /** Where the image's package manager downloads from; what a lock names besides is refused. Absent where nobody can say. */
  registries?: RegistryHosts;
}

/** One language's way with dependencies. Pure: reads manifests, writes steps; who runs them is none of its business. */
export interface DependencyAdapter {
  readonly language: Language;
  /** Part of the key: a changed way of installing is another set. */
  readonly version: number;
  /** Names of the folders right below /sandbox/deps that the steps fill; the volume's own root belongs to nobody inside. */
  readonly folders: readonly string[];
  /** For a language whose programs can say what they need where no manifest does. */
  readonly imports?: ImportScan;
  /** Projects found among these paths, the language's own order of trust, outermost first. Cheap: called before every run. */
  find(paths: Iterable<string>): Project[];
  /** Paths that these manifests refer to, e.g. by `-r`, below the workspace only; absent where names alone tell. */
  includes?(project: Project, files: ManifestFile[]): string[];
  /** Rejects PetriError with `details` naming file and line for what it cannot read. */
  plan(project: Project, files: ManifestFile[], options: PlanOptions): InstallPlan;
  /**
   * What every run of this project gets besides, e.g. NODE_PATH, GOFLAGS. Values may use the paths of /sandbox. PATH is put in
   * front of the image's own PATH; every other name replaces what the image says; what the run asks for itself wins.
   */
  environment(project: Project): Record<string, string>;
  /** Links that must stand in the workspace while runs go on, e.g. node_modules. They are no change of a run's and never pulled back. */
  links(project: Project): Array<{ path: string; target: string }>;
  /** Folders below /sandbox/home that are made before every run: where a link in the set leads for tools that write beside packages. */
  caches?(project: Project): string[];
  /** Trees of the set that runs need a copy of to write to, and where below /sandbox/home: copied there once for each set, which FROM.stamp names. */
  copies?(project: Project): Array<{ from: string; to: string }>;
}

/** Finds what a folder's programs import, when no manifest says what they need. Only curated names are ever installed. */
export interface ImportScan {
  /** Paths whose imports count. */
  source(path: string): boolean;
  /** The part of a source from which its imports follow: while it is the same, nothing is looked at again. */
  gist(content: Buffer): string;
  /** Called inside, without a network, with the workspace as working folder; a list of NUL-separated paths is its stdin. */
  argv: readonly string[];
  /** What to install, given all that the scan printed. Notices name what was found and is not known here. */
  plan(printed: string): InstallPlan;
}
