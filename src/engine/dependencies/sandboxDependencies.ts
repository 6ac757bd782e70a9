import type { Dependencies } from '../../protocol/dependencies';
import { Mutex } from '../async';
import type { Command } from '../container/launcher';
import type { WarmContainer } from '../container/warmContainer';
import { PetriError } from '../errors';
import type { DependencySetRow } from '../ports/store';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import { adapterFor } from './adapters';
import type { InstallPlan, Project } from './adapter';
import { install, planInstall } from './install';
import { offerLocks } from './locks';
import { sweepSets } from './setVolumes';
import { WantedDependencies, type Wanted } from './wanted';
import { wireSet } from './wire';

/** An install that has to happen before the run may start. */
export interface Needed { wanted: Wanted; plan: InstallPlan; imageId: string }

/** What one sandbox has installed, and what it should have. */
export class SandboxDependencies {
  private set: DependencySetRow | undefined;
  private readonly wanted: WantedDependencies;
  private readonly lock = new Mutex();
  private running: AbortController | undefined;
  private readonly told = new Set<string>();

  constructor(private readonly live: LiveSandbox) {
    const { dependencySet } = live.row;
    if (dependencySet !== null) this.set = live.deps.store.getDependencySet(dependencySet);
    this.wanted = new WantedDependencies(live);
  }

  /** What runs see, if anything. */
  get current(): DependencySetRow | undefined {
    return this.set;
  }

  get installing(): boolean {
    return this.lock.busy;
  }

  /**
   * Is what the workspace wants what is there? Under the workspace lock, after a sync. Costs no container and no call to the engine
   * while nothing that matters has changed. Rejects when it cannot be installed, before anything is fetched.
   */
  async check(container: WarmContainer, emit: Emit): Promise<Needed | undefined> {
    if (!this.automatic) return undefined;
    const { launcher, imageId } = container;
    const wanted = await this.wanted.now(launcher, imageId);
    if (!wanted) {
      if (this.set) this.drop();
      return undefined;
    }
    this.sayOutOfStep(wanted, emit);
    if (this.set && (this.set.key === wanted.key || this.set.lockedKey === wanted.key)) return undefined;
    return { wanted, imageId, plan: await planInstall(this.live, launcher, imageId, wanted, emit) };
  }

  /** The same, whether or not it is there already. undefined: there is nothing to install. */
  async force({ launcher, imageId }: WarmContainer, emit: Emit): Promise<Needed | undefined> {
    const wanted = await this.wanted.now(launcher, imageId);
    return wanted && { wanted, imageId, plan: await planInstall(this.live, launcher, imageId, wanted, emit) };
  }

  /** One install at a time; outside the workspace lock, since it may take minutes. Who waited looks again instead. */
  async install({ wanted, plan, imageId }: Needed, emit: Emit, signal: AbortSignal): Promise<void> {
    if (this.lock.busy) {
      void emit({ event: 'progress', data: { stage: 'queue', message: 'Waiting for another install of this sandbox…' } });
      return (await this.lock.acquire(signal))();
    }
    await this.lock.hold(async () => {
      const stop = (this.running = new AbortController());
      try {
        this.set = await install(this.live, imageId, wanted, plan, emit, AbortSignal.any([signal, stop.signal]));
        this.live.change({ dependencySet: this.set.id });
        this.told.clear();
      } finally {
        this.running = undefined;
      }
    }, signal);
    this.sweep();
  }

  /** Locks that the install produced become files of the workspace, as if a run had made them. Under the workspace lock. */
  async offerLocks(container: WarmContainer, { wanted, plan, imageId }: Needed): Promise<void> {
    if (!this.set || plan.locks.length === 0) return;
    const lockedKey = await offerLocks(this.live, container.launcher, this.wanted, wanted, plan, imageId);
    if (lockedKey === undefined) return;
    this.live.deps.store.updateDependencySet(this.set.id, { lockedKey });
    this.set = { ...this.set, lockedKey };
  }

  /** Ends an install that is under way; resolves when nothing of it is left. */
  async cancel(): Promise<void> {
    this.running?.abort();
    await this.lock.hold(async () => undefined);
  }

  /** For a run that sees the current set: variables, folders in front of PATH, links, folders and copies that must stand while it goes on. */
  forRun(): Pick<Command, 'env' | 'path' | 'links' | 'caches' | 'copies'> {
    const adapter = this.set && adapterFor(this.set.language);
    if (!adapter || !this.set || this.set.volume === '') return { env: {} };
    const { language, root, manifest, inputs } = this.set;
    const project: Project = { language, root, manifest, inputs };
    const { PATH: path, ...env } = adapter.environment(project);
    return { env, path, links: adapter.links(project), caches: adapter.caches?.(project), copies: adapter.copies?.(project) };
  }

  /** Before a container that mounts it is started: a volume that was removed by hand is no set any more. */
  async assertPresent(): Promise<void> {
    const { set } = this;
    if (!set || set.volume === '' || await this.live.deps.engine.inspectVolume(set.volume)) return;
    this.live.deps.store.updateDependencySet(set.id, { status: 'removed' });
    this.forget();
  }

  describe(): Dependencies {
    const { store } = this.live.deps;
    const chosen = this.chosenManifest();
    const projects = this.wanted.projects().map(({ language, manifest }) => ({ language, manifest, chosen: manifest === chosen }));
    const [latest] = store.listDependencySets({ sandboxId: this.live.id, limit: 1 });
    return {
      projects: [...projects.filter((one) => one.chosen), ...projects.filter((one) => !one.chosen)],
      current: this.set ? wireSet(this.set) : null, latest: latest ? wireSet(latest) : null,
    };
  }

  /** After a run: sets that it was the last to see may go. */
  sweep(): void {
    const keep = new Set([...this.live.activeRuns.values()].map(({ container }) => container.setId).filter((id) => id !== undefined));
    if (this.set) keep.add(this.set.id);
    this.live.background(sweepSets(this.live, keep));
  }

  /** The volumes are gone, or about to go with the sandbox. */
  forget(): void {
    this.set = undefined;
    this.live.change({ dependencySet: null });
  }

  private drop(): void {
    this.forget();
    this.sweep();
  }

  /** An image of the user's own brings what it needs, unless they say otherwise. */
  private get automatic(): boolean {
    const { dependencies, image } = this.live.row;
    return dependencies.auto ?? image === null;
  }

  private chosenManifest(): string | undefined {
    try {
      return this.wanted.chosen()?.manifest;
    } catch (error) {
      if (error instanceof PetriError) return undefined;
      throw error;
    }
  }

  /** A run changed a manifest: what is installed follows the folder until the user has taken the change over. */
  private sayOutOfStep({ inputs, side, key }: Wanted, emit: Emit): void {
    if (side === 'box') return;
    const index = this.live.workspace.entries();
    const changed = [...inputs.keys()].filter((path) => index.get(path)?.box?.content !== index.get(path)?.host?.content);
    if (changed.length === 0 || this.told.has(key)) return;
    this.told.add(key);
    void emit({ event: 'notice', data: { code: 'dependencies', message: 'Changed by a run; what is installed follows the folder\'s own until the change is pulled.', paths: changed } });
  }
}
