import { hash } from 'node:crypto';
import type { Launcher } from '../container/launcher';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { nulList } from '../sync/insideScan';
import { adapterFor } from './adapters';
import type { DependencyAdapter, ImportScan, InstallPlan, Project } from './adapter';
import { hashOf, setKey } from './key';
import { filePaths, type ManifestSide } from './manifestPaths';
import { readManifests } from './readManifests';

/** What the workspace, as it is now, says should be installed. */
export interface Wanted {
  adapter: DependencyAdapter;
  project: Project;
  key: string;
  /** Content hashes of all that decides, by path. */
  inputs: Map<string, string>;
  side: ManifestSide;
  /** Where imports say it and no manifest does: already known. */
  plan?: InstallPlan;
}

/**
 * Looks for what should be installed, from the index alone as long as nothing relevant changed: called before every run.
 * Remembers only what saves time.
 */
export class WantedDependencies {
  private found: { stamp: string; projects: Project[]; sources: string[] } | undefined;
  private readonly includes = new Map<string, string[]>();
  private readonly gists = new Map<string, string>();
  private scanned: { gist: string; plan: InstallPlan } | undefined;

  constructor(private readonly live: LiveSandbox) {}

  get side(): ManifestSide {
    return this.live.row.folder === null ? 'box' : 'host';
  }

  /** Projects of the sandbox's language, outermost first. */
  projects(): Project[] {
    return this.lookAround().projects;
  }

  /** The one that a setting picks, or the first. Throws manifest-invalid when the setting names none of them. */
  chosen(): Project | undefined {
    const projects = this.projects();
    const { project: wish } = this.live.row.dependencies;
    if (wish === undefined || wish === null) return projects[0];
    const chosen = projects.find(({ manifest, root }) => manifest === wish || root === wish);
    if (chosen) return chosen;
    throw new PetriError('manifest-invalid', `The folder has no ${JSON.stringify(wish)} to install from.`, {
      action: projects.length === 0 ? 'Take the choice back: petri deps --project auto.' : `Choose another: ${projects.map(({ manifest }) => manifest).join(', ')}.`,
    });
  }

  /** undefined: nothing to install. */
  async now(launcher: Launcher, imageId: string): Promise<Wanted | undefined> {
    const adapter = adapterFor(this.live.row.language);
    if (!adapter) return undefined;
    const project = this.chosen();
    if (!project) return adapter.imports && this.fromImports(adapter, adapter.imports, launcher, imageId);
    const inputs = await this.inputs(adapter, project, launcher);
    return { adapter, project, inputs, side: this.side, key: this.key(adapter, project, imageId, inputs) };
  }

  key(adapter: DependencyAdapter, project: Project, imageId: string, inputs: Map<string, string>): string {
    return setKey(adapter, project, imageId, inputs, this.live.row.dependencies.groups ?? [], this.live.deps.policy?.fingerprint(this.live) ?? '');
  }

  /** The key that the same project will have once these files are there as well. */
  keyWith({ adapter, project, inputs }: Wanted, imageId: string, added: ReadonlyMap<string, string>): string | undefined {
    const paths = [...filePaths(this.live.workspace.entries(), this.side), ...added.keys()];
    const later = adapter.find(paths).find(({ root }) => root === project.root);
    if (!later) return undefined;
    const known = new Map([...inputs, ...added]);
    for (const path of later.inputs) {
      const content = known.get(path) ?? this.live.workspace.entries().get(path)?.[this.side]?.content;
      if (content !== undefined) known.set(path, content);
    }
    return this.key(adapter, later, imageId, known);
  }

  /** Paths and content hashes, with what the manifests themselves refer to. */
  private async inputs(adapter: DependencyAdapter, project: Project, launcher: Launcher): Promise<Map<string, string>> {
    const index = this.live.workspace.entries();
    const inputs = new Map<string, string>();
    let further = project.inputs;
    while (further.length > 0) {
      for (const path of further) {
        const entry = index.get(path)?.[this.side];
        if (entry?.type === 'file') inputs.set(path, entry.content);
      }
      if (!adapter.includes) return inputs;
      const seen = hashOf([project.manifest, [...inputs]]);
      let named = this.includes.get(seen);
      if (!named) {
        named = adapter.includes(project, await readManifests(this.live, launcher, this.side, inputs.keys()));
        if (this.includes.size > MOST_REMEMBERED) this.includes.clear();
        this.includes.set(seen, named);
      }
      further = named.filter((path) => !inputs.has(path) && index.get(path)?.[this.side]?.type === 'file');
    }
    return inputs;
  }

  private async fromImports(adapter: DependencyAdapter, imports: ImportScan, launcher: Launcher, imageId: string): Promise<Wanted | undefined> {
    const { sources } = this.lookAround();
    if (sources.length === 0) return undefined;
    const gist = hashOf(sources.map((path) => [path, this.gistOf(imports, path)]));
    if (this.scanned?.gist !== gist) {
      const list = nulList(sources);
      const printed = await launcher.call('inspect', [String(list.length), ...imports.argv], list, { timeoutMs: SCAN_MS });
      this.scanned = { gist, plan: imports.plan(printed.toString('utf8')) };
    }
    const { plan } = this.scanned;
    if (plan.steps.length === 0) return undefined;
    const project: Project = { language: adapter.language, root: '', manifest: '', inputs: [] };
    const inputs = new Map([['', hashOf(plan.requested.map(({ name, version }) => [name, version]))]]);
    return { adapter, project, inputs, side: this.side, plan, key: this.key(adapter, project, imageId, inputs) };
  }

  /** Without a folder the content lies inside: then every change counts. */
  private gistOf(imports: ImportScan, path: string): string {
    const entry = this.live.workspace.entries().get(path)![this.side]!;
    if (this.side === 'box') return entry.content;
    let gist = this.gists.get(entry.content);
    if (gist === undefined) {
      if (this.gists.size > MOST_REMEMBERED) this.gists.clear();
      gist = hash('sha256', imports.gist(this.live.folder()!.source.readSmall(path)), 'hex');
      this.gists.set(entry.content, gist);
    }
    return gist;
  }

  private lookAround(): { projects: Project[]; sources: string[] } {
    const { workspace, row } = this.live;
    const stamp = `${row.language} ${this.side} ${workspace.shape}`;
    if (this.found?.stamp !== stamp) {
      const adapter = adapterFor(row.language);
      const paths = [...filePaths(workspace.entries(), this.side)];
      const projects = adapter?.find(paths) ?? [];
      const sources = projects.length === 0 && adapter?.imports ? paths.filter((path) => adapter.imports!.source(path)).sort().slice(0, MOST_SOURCES) : [];
      this.found = { stamp, projects, sources };
    }
    return this.found;
  }
}

const MOST_REMEMBERED = 20_000;
const MOST_SOURCES = 2000;
const SCAN_MS = 60_000;
