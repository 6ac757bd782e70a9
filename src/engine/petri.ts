import type * as z from 'zod';
import type { Changes, Pulled, Verified } from '../protocol/changes';
import type { EngineState, StateEvent } from '../protocol/events';
import type { Done, ExecParsed, Run, Synced, TerminalParsed, TerminalSize } from '../protocol/run';
import type { AddDependency, ManifestEdit, MissingImport } from '../protocol/missing';
import type { SbomFormat } from '../protocol/sbom';
import type { Dependencies, DependencySet } from '../protocol/dependencies';
import type { CleanupItem, CleanupResult, RunnerStatus } from '../protocol/runner';
import type { CreateSandbox, Sandbox, SandboxSettings } from '../protocol/sandbox';
import { PROTOCOL_VERSION } from '../protocol/version';
import type { Launcher } from './container/launcher';
import { abortable, cancelled, throwIfAborted, within } from './async';
import { weaknesses } from './container/weaknesses';
import type { Deps } from './deps';
import { PetriError } from './errors';
import type { Changed } from './news';
import type { EngineInfo } from './ports/containerEngine';
import type { RunRow } from './ports/store';
import { doneOf } from './run/record';
import { addToFolder, missingImports } from './imports/folderImports';
import { sbomOfRun } from './sbom/sbomOfRun';
import { describeDependencies, reinstall } from './dependencies/reinstall';
import { run } from './run/run';
import { runTerminal } from './run/terminal';
import { LogTrimmer } from './run/trimLogs';
import { cleanUpItems, listCleanup } from './sandbox/cleanup';
import { chooseLimits } from './sandbox/limits';
import { LiveSandbox } from './sandbox/liveSandbox';
import { mergeDependencySettings } from './sandbox/dependencySettings';
import { newSandbox } from './sandbox/newSandbox';
import { Reaper } from './sandbox/reaper';
import { removeSandbox, resetSandbox } from './sandbox/removal';
import { wireRun, wireSandbox } from './sandbox/wire';
import type { Emit, PetriService } from './service';
import { listChanges } from './sync/review';
import { pullChanges } from './sync/pull';
import { readInside } from './sync/readInside';
import { verifyWorkspace } from './sync/verify';

/** How long a look at the runner may wait for the engine. */
const STATUS_MS = 1500;

/** Petri itself: every sandbox of this user, and what may be done with them. */
export class Petri implements PetriService {
  private readonly live = new Map<string, LiveSandbox>();
  private readonly reaper: Reaper;
  private readonly startedAt: number;
  private draining = false;
  private ending: Promise<void> | undefined;
  private busyCalls = 0;
  private readonly logs: LogTrimmer;

  constructor(private readonly deps: Deps, private readonly pid: number) {
    this.startedAt = deps.clock.now();
    this.logs = new LogTrimmer(deps);
    for (const row of deps.store.listSandboxes({ statuses: ['created', 'running', 'stopped', 'error'] })) this.live.set(row.id, new LiveSandbox(deps, row));
    this.reaper = new Reaper(deps.clock, () => this.live.values(), (live) => this.working(() => this.remove(live)), deps.log);
    this.reaper.look();
  }

  get busy(): boolean {
    return this.busyCalls > 0 || [...this.live.values()].some((live) => live.row.status === 'running' || live.activeRuns.size > 0);
  }

  async status(): Promise<RunnerStatus> {
    const { options } = this.deps;
    const info = await this.lookAtEngine();
    const runtime = options.runtime ?? info?.defaultRuntime ?? '';
    return {
      version: options.version, protocol: PROTOCOL_VERSION, pid: this.pid, started_at: new Date(this.startedAt).toISOString(),
      draining: this.draining, leases: 0, active_runs: this.count((live) => live.activeRuns.size), sandboxes: this.live.size,
      engine: info ? {
        endpoint: info.endpoint, name: info.name, version: info.version, api_version: info.apiVersion, runtime, rootless: info.rootless,
        cpus: info.cpus, memory_bytes: info.memoryBytes, weaker: weaknesses(info),
      } : null,
      engine_error: this.engineState().error,
    };
  }

  /** Who asks whether the runner is there must not wait for an engine that hangs, nor for what has to be cleared on it. */
  private async lookAtEngine(): Promise<EngineInfo | undefined> {
    const { clock, gate } = this.deps;
    return within(clock, STATUS_MS, gate.open().catch(() => undefined), undefined);
  }

  async createSandbox(request: z.output<typeof CreateSandbox>): Promise<{ sandbox: Sandbox; created: boolean }> {
    this.refuseWhenDraining();
    const folder = request.folder === undefined ? undefined : this.deps.openFolder(request.folder).root;
    const existing = folder === undefined ? undefined : this.deps.store.findByFolder(folder);
    if (existing) return { sandbox: await this.updateSandbox(existing.id, request), created: false };
    const row = newSandbox(this.deps, { ...request, folder });
    this.deps.store.insertSandbox(row);
    const live = new LiveSandbox(this.deps, row);
    this.live.set(row.id, live);
    live.changed();
    return { sandbox: wireSandbox(live), created: true };
  }

  getSandbox(id: string): Sandbox {
    return wireSandbox(this.find(id));
  }

  listSandboxes(options: { limit: number; offset: number; active: boolean }): Sandbox[] {
    return [...this.live.values()]
      .filter((live) => !options.active || live.row.status === 'running')
      .sort((a, b) => b.row.createdAt - a.row.createdAt)
      .slice(options.offset, options.offset + options.limit)
      .map(wireSandbox);
  }

  async updateSandbox(id: string, settings: SandboxSettings): Promise<Sandbox> {
    const live = this.find(id);
    const { row } = live;
    live.change({
      ...(settings.language !== undefined && { language: settings.language, languageChosen: true }),
      ...(settings.image !== undefined && { image: settings.image }),
      ...(settings.limits !== undefined && { limits: chooseLimits(row.limits, settings.limits) }),
      ...(settings.ttl_seconds !== undefined && { ttlSeconds: settings.ttl_seconds }),
      ...(settings.retention_seconds !== undefined && { retentionSeconds: settings.retention_seconds }),
      ...(settings.allow !== undefined && { allow: settings.allow }),
      ...(settings.dependencies !== undefined && { dependencies: mergeDependencySettings(row.dependencies, settings.dependencies) }),
    });
    if (settings.ttl_seconds !== undefined || settings.retention_seconds !== undefined) this.reaper.look();
    return wireSandbox(live);
  }

  async extendSandbox(id: string, seconds = 0): Promise<Sandbox> {
    const live = this.find(id);
    live.touch(seconds);
    return wireSandbox(live);
  }

  async deleteSandbox(id: string): Promise<void> {
    await this.working(() => this.remove(this.find(id)));
  }

  async resetSandbox(id: string): Promise<Sandbox> {
    const live = this.find(id);
    await this.working(() => resetSandbox(live));
    return wireSandbox(live);
  }

  exec(sandboxId: string, request: ExecParsed, emit: Emit, signal: AbortSignal): Promise<Done> {
    return this.running(signal, () => run(this.find(sandboxId), request, emit, signal));
  }

  terminal(sandboxId: string, request: TerminalParsed, emit: Emit, signal: AbortSignal): Promise<Done> {
    return this.running(signal, () => runTerminal(this.find(sandboxId), request, emit, signal));
  }

  private running(signal: AbortSignal, start: () => Promise<Done>): Promise<Done> {
    this.refuseWhenDraining();
    return this.working(() => start().catch((error: unknown) => {
      // Files and streams reject with a reason of their own kind when they are told to stop.
      throw signal.aborted && !(error instanceof PetriError) ? cancelled() : error;
    }).finally(() => this.logs.trim()));
  }

  sync(sandboxId: string, emit: Emit, signal: AbortSignal): Promise<Synced> {
    return this.inWorkspace(this.find(sandboxId), emit, signal, (live, launcher) => live.sync(launcher, emit, signal));
  }

  async writeInput(runId: string, chunk: Uint8Array): Promise<void> {
    await this.active(runId)?.writeInput(chunk);
  }

  endInput(runId: string): void {
    void this.active(runId)?.endInput();
  }

  async resizeTerminal(runId: string, { columns, rows }: TerminalSize): Promise<void> {
    const active = this.active(runId);
    if (!active) return void this.getRun(runId);
    if (active.kind !== 'terminal') throw new PetriError('conflict', `${runId} has no terminal.`);
    // It may end in this very moment.
    await this.deps.engine.resizeTty(active.container.id, columns, rows).catch((error: unknown) => {
      if (this.active(runId)) throw error;
    });
  }

  async cancelRun(runId: string): Promise<Run> {
    this.active(runId)?.stop('cancelled');
    return this.getRun(runId);
  }

  getRun(runId: string): Run {
    return wireRun(this.runRow(runId));
  }

  listRuns(sandboxId: string, options: { limit: number; offset: number }): Run[] {
    this.find(sandboxId);
    return this.deps.store.listRuns(sandboxId, options).map(wireRun);
  }

  async followRun(runId: string, from: number, emit: Emit, signal: AbortSignal): Promise<Done> {
    const active = this.active(runId);
    const log = this.deps.logs.read(this.getRun(runId).id, { from, follow: signal });
    for await (const { stream, chunk } of log ?? []) {
      throwIfAborted(signal);
      await emit({ event: 'output', stream, chunk });
    }
    return (active && await abortable(active.done.promise, signal)) ?? doneOf(this.deps.store.getRun(runId)!);
  }

  runLog(runId: string, from?: number): AsyncIterable<{ stream: 'stdout' | 'stderr'; chunk: Buffer }> {
    const log = this.deps.logs.read(this.getRun(runId).id, { from });
    if (!log) throw new PetriError('not-found', `The output of ${runId} was not kept.`);
    return log;
  }

  async changes(sandboxId: string): Promise<Changes> {
    const live = this.find(sandboxId);
    if (!live.workspace.seeded) return { receipt: null, changes: [] };
    return this.inWorkspace(live, quiet, undefined, async () => this.knownChanges(sandboxId));
  }

  knownChanges(sandboxId: string): Changes {
    const live = this.find(sandboxId);
    if (!live.workspace.seeded) return { receipt: null, changes: [] };
    return { receipt: live.workspace.receipt, changes: listChanges(live.workspace.entries(), platformOf(live)) };
  }

  readFile(sandboxId: string, path: string): Promise<Buffer> {
    return this.inWorkspace(this.find(sandboxId), quiet, undefined, (live, launcher) => readInside(live.workspace.entries(), launcher, path));
  }

  pull(sandboxId: string, paths: string[] | undefined): Promise<Pulled> {
    return this.inWorkspace(this.find(sandboxId), quiet, undefined, (live, launcher) => pullChanges(live, launcher, paths));
  }

  verify(sandboxId: string, emit: Emit, signal: AbortSignal): Promise<Verified> {
    return this.inWorkspace(this.find(sandboxId), emit, signal, async (live, launcher) => {
      await live.sync(launcher, emit, signal);
      return verifyWorkspace(live, launcher, emit, signal);
    });
  }

  watch(listener: (event: StateEvent) => void): () => void {
    listener({ event: 'engine', data: this.engineState() });
    for (const live of this.live.values()) listener({ event: 'sandbox', data: wireSandbox(live) });
    listener({ event: 'ready', data: {} });
    return this.deps.news.subscribe((changed) => listener(this.stateOf(changed)));
  }

  dependencies(sandboxId: string): Promise<Dependencies> {
    return describeDependencies(this.find(sandboxId));
  }

  installDependencies(sandboxId: string, emit: Emit, signal: AbortSignal): Promise<DependencySet | null> {
    this.refuseWhenDraining();
    return this.working(() => reinstall(this.find(sandboxId), emit, signal));
  }

  installLog(setId: string): AsyncIterable<{ stream: 'stdout' | 'stderr'; chunk: Buffer }> {
    const log = this.deps.store.getDependencySet(setId) && this.deps.logs.read(setId);
    if (!log) throw new PetriError('not-found', `There is no log of an install ${setId}.`);
    return log;
  }

  missingImports(sandboxId: string): Promise<MissingImport[]> {
    return this.working(() => missingImports(this.find(sandboxId)));
  }

  async addDependency(sandboxId: string, request: AddDependency): Promise<ManifestEdit> {
    return addToFolder(this.find(sandboxId), request);
  }

  async sbom(runId: string, format: SbomFormat): Promise<string> {
    const row = this.runRow(runId);
    return this.working(() => sbomOfRun(this.deps, row, format));
  }

  cleanupPreview(): Promise<CleanupItem[]> {
    return listCleanup(this.deps, this.live);
  }

  cleanup(ids: string[]): Promise<z.output<typeof CleanupResult>> {
    return this.working(() => cleanUpItems(this.deps, this.live, ids, (live) => this.remove(live)));
  }

  /** May be called again: `now` hurries a drain that is under way. */
  shutdown(mode: 'drain' | 'now'): Promise<void> {
    this.draining = true;
    for (const live of mode === 'now' ? this.live.values() : []) {
      for (const active of live.activeRuns.values()) active.stop('cancelled');
      void live.dependencies.cancel();
    }
    return (this.ending ??= this.end());
  }

  private async end(): Promise<void> {
    this.reaper.stop();
    while (this.busyCalls > 0) await new Promise<void>((resolve) => setTimeout(resolve, 20));
    for (const live of this.live.values()) {
      await live.settled();
      if (live.row.status === 'running') live.stop();
      await live.dropContainers();
    }
    this.deps.store.close();
  }

  /** What every look at the workspace needs: the lock, a launcher no user code shared, and an index without doubt. */
  private inWorkspace<T>(live: LiveSandbox, emit: Emit, signal: AbortSignal | undefined, work: (live: LiveSandbox, launcher: Launcher) => Promise<T>): Promise<T> {
    this.refuseWhenDraining();
    return this.working(() => live.workspaceLock.hold(async () => {
      this.find(live.id);
      live.touch();
      const { launcher } = await live.launcher(emit, signal);
      await live.workspace.settle(launcher, live.activeRuns.size > 0);
      return work(live, launcher);
    }, signal));
  }

  private remove(live: LiveSandbox): Promise<void> {
    return removeSandbox(live, () => this.live.delete(live.id));
  }

  private async working<T>(work: () => Promise<T>): Promise<T> {
    this.busyCalls += 1;
    try {
      return await work();
    } catch (error) {
      this.deps.gate.closeFor(error);
      throw error;
    } finally {
      this.busyCalls -= 1;
    }
  }

  private find(id: string): LiveSandbox {
    const live = this.live.get(id);
    if (!live) throw new PetriError('not-found', `There is no sandbox ${id}.`, { action: 'petri list shows the sandboxes there are.' });
    return live;
  }

  private runRow(id: string): RunRow {
    const row = this.deps.store.getRun(id);
    if (!row) throw new PetriError('not-found', `There is no run ${id}.`);
    return row;
  }

  private stateOf(changed: Changed): StateEvent {
    if (changed.kind === 'engine') return { event: 'engine', data: this.engineState() };
    if (changed.kind === 'run') return { event: 'run', data: this.getRun(changed.id) };
    const live = this.live.get(changed.id);
    return live ? { event: 'sandbox', data: wireSandbox(live) } : { event: 'sandbox-gone', data: { id: changed.id } };
  }

  private engineState(): EngineState {
    const { error } = this.deps.gate;
    return { error: error ? { code: error.code, message: error.message, action: error.action } : null };
  }

  private active(runId: string) {
    for (const live of this.live.values()) {
      const active = live.activeRuns.get(runId);
      if (active) return active;
    }
    return undefined;
  }

  private refuseWhenDraining(): void {
    if (this.draining) throw new PetriError('runner-version', 'The runner is about to stop.', { action: 'Try again; a new one starts by itself.' });
  }

  private count(of: (live: LiveSandbox) => number): number {
    return [...this.live.values()].reduce((sum, live) => sum + of(live), 0);
  }
}

const quiet: Emit = () => undefined;

/** undefined for a folder that is gone: what runs changed can still be told. */
function platformOf(live: LiveSandbox) {
  try {
    return live.folder()?.source.platform;
  } catch {
    return undefined;
  }
}
