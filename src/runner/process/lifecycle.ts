import type { Lifecycle } from '../http/environment';

export interface LifecycleOptions {
  /** How long with nothing to look after until the runner leaves, ms. */
  lingerMs: number;
  /** True while there is something to look after that no client waits for. */
  busy(): boolean;
  /** False when no client can find this runner any more. */
  reachable(): boolean;
  /** Called for each wish to leave; the second may be more urgent. */
  leave(mode: 'drain' | 'now', why: string): void;
}

/** Knows who needs this runner, and says when nobody does. */
export class RunnerLifecycle implements Lifecycle {
  #leases = new Set<() => void>();
  #requests = 0;
  #neededAt = performance.now();
  #draining = false;
  readonly #watch: NodeJS.Timeout;

  constructor(private readonly options: LifecycleOptions) {
    this.#watch = setInterval(() => this.#look(), Math.max(20, Math.min(options.lingerMs / 6, 10_000)));
  }

  get draining(): boolean { return this.#draining; }
  get leases(): number { return this.#leases.size; }

  /** Counts a request until the returned function is called. */
  readonly request = (): (() => void) => {
    this.#requests += 1;
    return () => {
      this.#requests -= 1;
      this.#neededAt = performance.now();
    };
  };

  holdLease(onStop: () => void): () => void {
    this.#leases.add(onStop);
    return () => {
      this.#leases.delete(onStop);
      this.#neededAt = performance.now();
    };
  }

  stop(mode: 'drain' | 'now', why = 'a client asked'): void {
    this.#draining = true;
    clearInterval(this.#watch);
    this.options.leave(mode, why);
  }

  /** Tells every lease holder that the runner leaves on purpose. */
  endLeases(): void {
    for (const onStop of [...this.#leases]) onStop();
  }

  #look(): void {
    if (!this.options.reachable()) return this.stop('drain', 'its socket or token was removed');
    const now = performance.now();
    if (this.#leases.size > 0 || this.#requests > 0 || this.options.busy()) this.#neededAt = now;
    else if (now - this.#neededAt >= this.options.lingerMs) this.stop('drain', 'nothing is left to look after');
  }
}
