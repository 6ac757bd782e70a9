import type { Limits } from '../../protocol/sandbox';
import type { Synced } from '../../protocol/run';
import { Mutex } from '../async';
import { PetriError } from '../errors';
import type { Deps } from '../deps';
import type { Launcher } from '../container/launcher';
import type { TerminalContainer } from '../container/terminalContainer';
import { WarmPool } from '../container/warmPool';
import { WORKSPACE_SEED, type WarmContainer, type WarmWish } from '../container/warmContainer';
import { LABEL } from '../container/spec';
import type { FileSource } from '../ports/fileSource';
import type { SandboxRow } from '../ports/store';
import type { Emit } from '../service';
import type { ActiveRun } from '../run/activeRun';
import { SandboxImports } from '../imports/sandboxImports';
import { SandboxDependencies } from '../dependencies/sandboxDependencies';
import { removeVolumePatiently, sweepSets } from '../dependencies/setVolumes';
import { HostScanner } from '../sync/hostScan';
import { Workspace, type SyncedFolder } from '../sync/workspace';
import { mergeLimits } from './limits';

/** One sandbox while this runner looks after it: its row, its workspace as known, its warm container, its active runs. */
export class LiveSandbox {
  /** Holds for whoever reads or writes the workspace: syncs, scans, pulls. Runs overlap each other, these never do. */
  readonly workspaceLock = new Mutex();
  readonly activeRuns = new Map<string, ActiveRun>();
  readonly workspace: Workspace;
  readonly pool: WarmPool;
  readonly dependencies: SandboxDependencies;
  readonly imports: SandboxImports;
  /** Monotonic ms. */
  lastActivity: number;
  /** What the whole volume held when it was last measured. */
  usage: { bytes: number; files: number } | undefined;
  private readonly pending = new Set<Promise<void>>();
  private opened: { source: FileSource; scanner: HostScanner } | undefined;
  private current: SandboxRow;

  constructor(readonly deps: Deps, row: SandboxRow) {
    this.current = row;
    // Time that passed while no runner lived counts as idle, but no clock step makes it negative or longer than the TTL.
    const away = Math.min(Math.max(deps.clock.now() - row.lastActivityAt, 0), row.ttlSeconds * 1000);
    this.lastActivity = deps.clock.monotonic() - away;
    this.workspace = new Workspace(deps, row);
    this.dependencies = new SandboxDependencies(this);
    this.imports = new SandboxImports(this);
    this.pool = new WarmPool((container) => {
      container.launcher.destroy();
      this.background(deps.warm.remove(container.name));
    });
  }

  get row(): SandboxRow {
    return this.current;
  }

  get id(): string {
    return this.current.id;
  }

  get limits(): Limits {
    return mergeLimits(this.current.limits);
  }

  change(change: Partial<Omit<SandboxRow, 'id'>>): void {
    this.deps.store.updateSandbox(this.id, change);
    this.current = { ...this.current, ...change };
    this.changed();
  }

  /** Whoever watches sees it as it is now. */
  changed(): void {
    this.deps.news.tell({ kind: 'sandbox', id: this.id });
  }

  /** Activity of any kind: the TTL starts again, and an announced deletion is off. */
  touch(extraSeconds = 0): void {
    this.lastActivity = this.deps.clock.monotonic() + extraSeconds * 1000;
    const kept = this.current.status === 'stopped' ? { deletesAt: null, stoppedAt: this.deps.clock.now() } : {};
    this.change({ lastActivityAt: this.deps.clock.now() + extraSeconds * 1000, ...kept });
  }

  /** A run is about to start, and will be recorded itself: only an announced deletion has to be called off on disk. */
  wake(): void {
    this.lastActivity = this.deps.clock.monotonic();
    if (this.current.deletesAt !== null) this.touch();
  }

  /** Ms of idleness left; Infinity while a run or an install is active. */
  get idleLeft(): number {
    if (this.activeRuns.size > 0 || this.dependencies.installing) return Infinity;
    return this.lastActivity + this.current.ttlSeconds * 1000 - this.deps.clock.monotonic();
  }

  /** A launcher that no user code has shared a container with. Starts one when there is none; long steps are told. */
  async launcher(emit: Emit, signal?: AbortSignal, limits: Limits = this.limits): Promise<WarmContainer> {
    return this.containerFor(await this.keyFor(limits), emit, signal, limits);
  }

  /** What a waiting container has to be like to serve these limits now. */
  private async keyFor(limits: Limits): Promise<string> {
    const { image } = this.current;
    // A language's own image has its content in its name; one the user named may be built again at any time.
    const pinned = image === null ? '' : (await this.inspect(image))?.id ?? '';
    return JSON.stringify([this.deps.images.reference(this.current), pinned, limits, this.deps.options.runtime, this.dependencies.current?.volume]);
  }

  private async containerFor(key: string, emit: Emit, signal: AbortSignal | undefined, limits: Limits): Promise<WarmContainer> {
    const { gate, images } = this.deps;
    const wish = { language: this.current.language, image: this.current.image };
    const ready = this.pool.readyNow(key);
    if (ready) return ready;
    const container = await this.pool.peek(key, async (outgoing) => {
      const info = await gate.open();
      const image = await images.resolve(wish, (message) => void emit({ event: 'progress', data: { stage: 'image', message } }), signal);
      void emit({ event: 'progress', data: { stage: 'sandbox', message: 'Starting a container…' } });
      const isNew = await this.ensureVolume(emit);
      await this.dependencies.assertPresent();
      const started = await this.deps.warm.start({ ...this.wish(limits), image, engineInfo: info, seeds: isNew ? [WORKSPACE_SEED] : [], outgoing });
      try {
        await images.checkSuitable(image, images.reference(wish), started.launcher);
      } catch (error) {
        started.launcher.destroy();
        void this.deps.warm.remove(started.name);
        throw error;
      }
      return started;
    });
    if (this.current.status !== 'running' || this.current.error) this.change({ status: 'running', error: null, stoppedAt: null, deletesAt: null });
    return container;
  }

  /** A container with a terminal for one run. Only after `launcher`, which sees to the image and the volume. */
  async terminal(runId: string, limits: Limits, signal?: AbortSignal): Promise<TerminalContainer> {
    const { gate, images, warm } = this.deps;
    const engineInfo = await gate.open();
    const image = await images.resolve({ language: this.current.language, image: this.current.image }, () => undefined, signal);
    return warm.startTerminal({ ...this.wish(limits), image, engineInfo, seeds: [] }, runId);
  }

  /** Behind the user's back: the next run's container. A failure shows when somebody needs it. */
  refill(): void {
    const work = async () => {
      const { limits } = this;
      const key = await this.keyFor(limits);
      // One with other limits, which the next run already waits for, is not to be taken away from it.
      if (!this.pool.occupied) await this.containerFor(key, () => undefined, undefined, limits);
    };
    work().catch((error: unknown) => {
      this.deps.gate.closeFor(error);
      this.deps.log(`${this.id}: no warm container: ${String(error)}`);
    });
  }

  /** After a run: what did it change? Not for a sandbox that was stopped meanwhile; its next run looks first. */
  async lookThrough(): Promise<void> {
    await this.workspaceLock.hold(async () => {
      if (this.current.status !== 'running' || !this.workspace.inDoubt) return;
      const container = await this.launcher(() => undefined);
      await this.workspace.settle(container.launcher, this.activeRuns.size > 0);
    });
  }

  /** Asks a ready launcher something when nothing else is going on; undefined when now is not the moment. */
  async whenIdle<T>(ask: (launcher: Launcher) => Promise<T>): Promise<T | undefined> {
    const ready = this.pool.readyAny();
    if (!ready || this.workspaceLock.busy) return undefined;
    return this.workspaceLock.hold(() => ask(ready.launcher));
  }

  /** Work that outlives the request it came from; `settled` waits for it. */
  background(work: Promise<void>): void {
    this.pending.add(work);
    void work.finally(() => this.pending.delete(work));
  }

  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  /** The user's folder, looked at through one scanner that remembers; sandboxes of API callers have none. Throws folder-missing. */
  folder(): SyncedFolder | undefined {
    if (this.current.folder === null) return undefined;
    if (!this.opened) {
      const source = this.deps.openFolder(this.current.folder);
      this.opened = { source, scanner: new HostScanner(source) };
    }
    return { ...this.opened, allow: this.current.allow };
  }

  /** Under the workspace lock. */
  sync(launcher: Launcher, emit: Emit, signal?: AbortSignal): Promise<Synced> {
    return this.workspace.sync(launcher, this.folder(), this.activeRuns.size > 0, emit, signal);
  }

  /** Waits until the warm container is gone. */
  async dropContainers(): Promise<void> {
    await this.pool.drop();
    await this.settled();
  }

  /** With all that is in it. */
  async removeVolume(): Promise<void> {
    const { engine, options } = this.deps;
    const found = await engine.inspectVolume(this.current.volume);
    // Somebody else's that only has the name.
    if (found && found.labels[`${LABEL}sandbox`] !== this.id) return;
    await removeVolumePatiently(this.deps, this.current.volume);
    options.workspaceFolders?.remove(this.id);
  }

  /** What is installed goes; the next run installs again. */
  async removeDependencies(): Promise<void> {
    await this.dependencies.cancel();
    this.dependencies.forget();
    await sweepSets(this, new Set());
  }

  /** No container is left; workspace and settings stay. */
  stop(): void {
    this.background(this.pool.drop());
    this.change({ status: 'stopped', stoppedAt: this.deps.clock.now() });
  }

  private wish(limits: Limits): Omit<WarmWish, 'image' | 'engineInfo' | 'seeds'> {
    const set = this.dependencies.current;
    const mounts = [{ volume: this.current.volume, target: '/sandbox' }, ...(set?.volume ? [{ volume: set.volume, target: '/sandbox/deps', readOnly: true }] : [])];
    return { sandboxId: this.id, uid: this.current.uid, mounts, setId: set?.id, limits, runtime: this.deps.options.runtime };
  }

  private async inspect(reference: string) {
    await this.deps.gate.open();
    return this.deps.engine.inspectImage(reference);
  }

  /** True when the volume is new and needs its folders. A volume that vanished takes its index with it. */
  private async ensureVolume(emit: Emit): Promise<boolean> {
    const { engine, store, options } = this.deps;
    const { volume } = this.current;
    const found = await engine.inspectVolume(volume);
    if (found && found.labels[`${LABEL}sandbox`] !== this.id) {
      throw new PetriError('conflict', `A volume named ${volume} exists and is not this sandbox's.`, { action: 'Remove or rename that volume.' });
    }
    if (found && this.workspace.seeded) return false;
    // A first sync that was never finished left something there that no index knows: it starts again from nothing.
    await this.removeVolume();
    await engine.createVolume(volume, { [`${LABEL}install`]: store.installId, [`${LABEL}sandbox`]: this.id }, options.workspaceFolders?.make(this.id));
    if (this.workspace.seeded) {
      void emit({ event: 'notice', data: { code: 'resynced', message: 'The workspace volume was gone. It is rebuilt from the folder\'s files; what runs had created is lost.' } });
    }
    this.workspace.forget();
    return true;
  }
}

