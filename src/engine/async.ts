import { PetriError } from './errors';
import type { Clock } from './ports/clock';

/** One at a time, first come first served. Waiting can be given up through a signal. */
export class Mutex {
  private tail: Promise<void> = Promise.resolve();
  private waiting = 0;

  /** True when an `acquire` would have to wait. */
  get busy(): boolean {
    return this.waiting > 0;
  }

  /** Answers the release function; calling it twice is harmless. */
  async acquire(signal?: AbortSignal): Promise<() => void> {
    const before = this.tail;
    let release!: () => void;
    const mine = new Promise<void>((resolve) => (release = resolve));
    this.tail = before.then(() => mine);
    this.waiting += 1;
    const free = () => {
      if (!release) return;
      this.waiting -= 1;
      release();
      release = undefined as never;
    };
    try {
      await abortable(before, signal);
    } catch (error) {
      free();
      throw error;
    }
    return free;
  }

  async hold<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.acquire(signal);
    try {
      return await work();
    } finally {
      release();
    }
  }
}

export function cancelled(): PetriError {
  return new PetriError('cancelled', 'Cancelled.');
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/** The promise, or a `cancelled` rejection as soon as the signal says so. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  throwIfAborted(signal);
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The promise's outcome, or `late` where it takes longer than `ms`. The work itself goes on. */
export function within<T, L>(clock: Clock, ms: number, promise: Promise<T>, late: L): Promise<T | L> {
  let stop = () => {};
  const timeout = new Promise<L>((resolve) => (stop = clock.after(ms, () => resolve(late))));
  return Promise.race([promise, timeout]).finally(() => stop());
}
