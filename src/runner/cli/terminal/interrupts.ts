import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** Ctrl-C and its kin while something is under way: the first asks for its end, the second stops waiting for it. */
export class Interrupts {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  #signal: Signal | undefined;

  /** @param onFirst called once, when there is still something to wait for. */
  constructor(private readonly onFirst: (signal: Signal) => void = () => {}) {
    for (const signal of SIGNALS) process.on(signal, this.#take);
  }

  /** Aborted by the first. */
  get wanted(): AbortSignal {
    return this.#first.signal;
  }

  /** Aborted by the second. */
  get insisted(): AbortSignal {
    return this.#second.signal;
  }

  /** 128 + the first signal's number; undefined when there was none. */
  get exitCode(): number | undefined {
    return this.#signal && 128 + constants.signals[this.#signal];
  }

  /** Signals do again what they do by default. */
  dispose(): void {
    for (const signal of SIGNALS) process.off(signal, this.#take);
  }

  readonly #take = (signal: Signal): void => {
    if (this.#signal !== undefined) return this.#second.abort();
    this.#signal = signal;
    this.#first.abort();
    this.onFirst(signal);
  };
}

/** The promise's outcome, or undefined as soon as the signal aborts. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
