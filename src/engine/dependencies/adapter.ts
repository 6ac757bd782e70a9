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
 * One command of an install, by /bin/sh, with the workspace read-only at /sandbox/workspace and an empty volume read-write
 * at /sandbox/deps, which every run later sees read-only at the same path.
 */
export interface InstallStep {
  /** A few words for the user: `Downloading`, `Building`. */
  title: string;
  /** True: with the gateway as the only door. False: no network at all, for package scripts and builds. */
  network: boolean;
  script: string;
  environment: Record<string, string>;
  /** Reads a line of the step's own output; a line that says how far it is, answers it. */
  progress?(line: string): { message: string; done?: number; total?: number } | undefined;
  /** Reads the end of a failed step's output; undefined leaves the general sentence. */
  explain?(tail: string): { code: InstallFailure; message: string; action?: string; path?: string; line?: number } | undefined;
}

export const INSTALL_FAILURES = [
  'package-unknown', 'version-conflict', 'version-yanked', 'no-build-for-platform', 'manifest-invalid', 'registry-unreachable', 'tls-untrusted',
  'source-refused', 'policy-refused', 'hash-mismatch', 'disk-full', 'build-failed', 'install-failed',
] as const;
export type InstallFailure = (typeof INSTALL_FAILURES)[number];

export interface InstallPlan {
  requested: Requested[];
  /** How many packages the lock names; undefined without a lock. */
  packages: number | undefined;
  steps: InstallStep[];
  /** Locks the steps leave below /sandbox/deps, to be offered to the workspace. */
  locks: Array<{ from: string; path: string }>;
}

/** One language's way with dependencies. Pure: reads manifests, writes steps; who runs them is none of its business. */
export interface DependencyAdapter {
  readonly language: Language;
  /** Part of the key: a changed way of installing is another set. */
  readonly version: number;
  /** Projects found among these paths, the language's own order of trust, outermost first. Cheap: called before every run. */
  find(paths: Iterable<string>): Project[];
  /** Rejects PetriError with `details` naming file and line for what it cannot read. */
  plan(project: Project, files: ManifestFile[], options: { groups?: string[] }): InstallPlan;
  /** What every run of this project gets besides, e.g. PATH entries, NODE_PATH, GOFLAGS. Values may use the paths of /sandbox. */
  environment(project: Project): Record<string, string>;
  /** Links that must stand in the workspace while runs go on, e.g. node_modules. They are no change of a run's and never pulled back. */
  links(project: Project): Array<{ path: string; target: string }>;
}
