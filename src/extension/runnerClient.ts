import type { Disposable } from 'vscode';
import type { Lease } from '../sdk/typescript/lease';
import { Petri, type PetriOptions } from '../sdk/typescript/petri';

/**
 * The window's one way to the runner. Nothing is started before the first use; from then on the window holds a lease, so
 * that the runner stays while the window is open.
 */
export class RunnerClient implements Disposable {
  #connecting: Promise<Petri> | undefined;
  #petri: Petri | undefined;
  #leasing: Promise<void> | undefined;
  #lease: Lease | undefined;
  #disposed = false;

  constructor(private readonly options: PetriOptions) {}

  /** Finds the runner or starts it. Rejects PetriClientError; the next call tries again. */
  async connect(): Promise<Petri> {
    this.#connecting ??= Petri.connect(this.options).catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    const petri = await this.#connecting;
    this.#petri = petri;
    if (this.#disposed) petri.close();
    else await (this.#leasing ??= this.#takeLease(petri));
    return petri;
  }

  dispose(): void {
    this.#disposed = true;
    this.#lease?.release();
    this.#petri?.close();
  }

  /** A runner that went away took the lease along: the next use takes a new one, from its successor. */
  async #takeLease(petri: Petri): Promise<void> {
    try {
      const lease = await petri.lease();
      if (this.#disposed) return lease.release();
      this.#lease = lease;
      void lease.ended.then(() => { this.#leasing = undefined; });
    } catch (error) {
      this.#leasing = undefined;
      throw error;
    }
  }
}
