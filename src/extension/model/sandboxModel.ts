import { EventEmitter, type Disposable, type WorkspaceFolder } from 'vscode';
import type { Change } from '../../protocol/changes';
import type { EngineState, StateEvent } from '../../protocol/events';
import type { Run } from '../../protocol/run';
import type { Sandbox } from '../../protocol/sandbox';
import { belongsTo } from '../folderSandboxes';
import type { RunnerClient } from '../runnerClient';

const RUNS_SHOWN = 20;

/** What there is, as the runner tells it. Kept by its events: nobody here asks twice for what did not change. */
export class SandboxModel implements Disposable {
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #runs = new Map<string, Promise<Run[]>>();
  readonly #changes = new Map<string, Promise<Change[]>>();
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable[];
  #engineError: EngineState['error'] = null;
  #ready = false;

  readonly onDidChange = this.#changed.event;

  constructor(private readonly runner: RunnerClient) {
    this.#subscriptions = [runner.onEvent((event) => this.#take(event)), runner.onLost(() => this.#lose())];
  }

  /** Whether all there is has been told. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Why there is no engine to run on; null when there is one, or nobody has asked. */
  get engineError(): EngineState['error'] {
    return this.#engineError;
  }

  /** Newest first. */
  get all(): Sandbox[] {
    return [...this.#sandboxes.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  }

  get(id: string): Sandbox | undefined {
    return this.#sandboxes.get(id);
  }

  of(folder: WorkspaceFolder): Sandbox | undefined {
    return this.all.find((sandbox) => belongsTo(sandbox, folder));
  }

  /** Its last runs, newest first. */
  runs(id: string): Promise<Run[]> {
    return kept(this.#runs, id, async () => (await (await this.runner.connect()).sandbox(id)).runs({ limit: RUNS_SHOWN }));
  }

  /** What its runs changed and its folder does not have, as known without waking it. */
  changes(id: string): Promise<Change[]> {
    return kept(this.#changes, id, async () => (await (await (await this.runner.connect()).sandbox(id)).changes({ known: true })).changes);
  }

  /** Fetches one anew, when what was told about it may have become wrong by itself. A runner that is gone says so elsewhere. */
  async refresh(id: string): Promise<void> {
    const petri = await this.runner.join().catch(() => undefined);
    const fetched = await petri?.sandbox(id).catch(() => undefined);
    if (fetched) this.#take({ event: 'sandbox', data: fetched.info });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #take(event: StateEvent): void {
    switch (event.event) {
      case 'engine': this.#engineError = event.data.error; break;
      case 'ready': this.#ready = true; break;
      case 'sandbox': {
        this.#sandboxes.set(event.data.id, event.data);
        this.#changes.delete(event.data.id);
        break;
      }
      case 'sandbox-gone': this.#sandboxes.delete(event.data.id); break;
      case 'run': this.#takeRun(event.data); break;
    }
    if (this.#ready) this.#changed.fire();
  }

  #takeRun(run: Run): void {
    this.#changes.delete(run.sandbox_id);
    const known = this.#runs.get(run.sandbox_id);
    if (!known) return;
    this.#runs.set(run.sandbox_id, known.then((runs) => {
      const others = runs.filter(({ id }) => id !== run.id);
      return [run, ...others].sort((a, b) => (a.started_at < b.started_at ? 1 : -1)).slice(0, RUNS_SHOWN);
    }));
  }

  /** Nothing runs without a runner. What there was is still there when the next one starts. */
  #lose(): void {
    this.#ready = false;
    this.#runs.clear();
    this.#changes.clear();
    for (const [id, sandbox] of this.#sandboxes) {
      const status = sandbox.status === 'running' ? 'stopped' : sandbox.status;
      this.#sandboxes.set(id, { ...sandbox, status, expires_at: null, active_runs: 0 });
    }
    this.#changed.fire();
  }
}

/** A failed call is not kept. */
function kept<T>(map: Map<string, Promise<T>>, id: string, ask: () => Promise<T>): Promise<T> {
  const known = map.get(id);
  if (known) return known;
  const asked = ask();
  map.set(id, asked);
  asked.catch(() => { if (map.get(id) === asked) map.delete(id); });
  return asked;
}
