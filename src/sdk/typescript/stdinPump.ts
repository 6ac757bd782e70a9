import type { Readable } from 'node:stream';
import type { Client } from './client';
import { PetriClientError } from './errors';

/** Carries a stream to a run's stdin. Bytes are read as the program takes them; the stream's end closes its stdin. */
export class StdinPump {
  readonly #ended = new AbortController();
  #failure: PetriClientError | undefined;

  /** @param onFailure called once when the program cannot be given what it waits for. */
  constructor(client: Client, runId: string, source: Readable, onFailure: () => void) {
    client.upload(`/v1/runs/${runId}/stdin`, source, this.#ended.signal).catch((error: unknown) => {
      if (!this.#ended.signal.aborted && isFatal(error)) this.#failure ??= error as PetriClientError;
      if (this.#failure && !this.#ended.signal.aborted) onFailure();
    });
  }

  /** Why the input ended before its end; undefined when it did not. */
  get failure(): PetriClientError | undefined {
    return this.#failure;
  }

  /** The run is over: what was not read stays unread. */
  stop(): void {
    this.#ended.abort();
  }
}

/** A program may end or close its stdin at any time, like `head`: losing that race is no failure. */
function isFatal(error: unknown): boolean {
  return error instanceof PetriClientError && !['conflict', 'not-found', 'runner-unreachable', 'cancelled'].includes(error.code);
}
