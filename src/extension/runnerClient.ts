import { EventEmitter, type Disposable } from 'vscode';
import type { StateEvent } from '../protocol/events';
import type { Lease } from '../sdk/typescript/lease';
import { Petri, type PetriOptions } from '../sdk/typescript/petri';

/**
 * The window's one way to the runner. Nothing is started before the first use; from then on the window holds a lease, so
 * that the runner stays while the window is open, and is told what changes.
 */
export class RunnerClient implements Disposable {
  readonly #events = new EventEmitter<StateEvent>();
  readonly #lost = new EventEmitter<void>();
  #connecting: Promise<Petri> | undefined;
  #petri: Petri | undefined;
  #leasing: Promise<void> | undefined;
  #lease: Lease | undefined;
  #disposed = false;

  /** The state of things at the beginning of each connection, then what changes. */
  readonly onEvent = this.#events.event;
  /** The runner went away: what was told is true no more. */
  readonly onLost = this.#lost.event;

  /** @param options asked for at each connection */
  constructor(private readonly options: () => PetriOptions) {}

  /** Finds the runner or starts it. Rejects PetriClientError; the next call tries again. */
  async connect(): Promise<Petri> {
    this.#connecting ??= Petri.connect(this.options()).catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    const petri = await this.#connecting;
    this.#petri = petri;
    if (this.#disposed) petri.close();
    else await (this.#leasing ??= this.#takeLease(petri));
    return petri;
  }

  /** Connects if a runner is there already; starts none. */
  async join(): Promise<Petri | undefined> {
    if (this.#leasing) return this.connect();
    const found = await Petri.find(this.options());
    found?.close();
    return found && this.connect();
  }

  /** Whether this window has a runner. */
  get used(): boolean {
    return this.#leasing !== undefined;
  }

  /** Ends the runner as soon as its runs are over. The next use starts another, with the settings of then. */
  async restart(): Promise<void> {
    const petri = await this.connect();
    const lease = this.#lease;
    await petri.stop('drain');
    await lease?.ended;
    this.#connecting = undefined;
  }

  dispose(): void {
    this.#disposed = true;
    this.#lease?.release();
    this.#petri?.close();
    this.#events.dispose();
    this.#lost.dispose();
  }

  /** A runner that went away took the lease along: the next use takes a new one, from its successor. */
  async #takeLease(petri: Petri): Promise<void> {
    try {
      const lease = await petri.watch((event) => this.#events.fire(event));
      if (this.#disposed) return lease.release();
      this.#lease = lease;
      void lease.ended.then(() => {
        this.#leasing = undefined;
        if (!this.#disposed) this.#lost.fire();
      });
    } catch (error) {
      this.#leasing = undefined;
      throw error;
    }
  }
}
