import type { IncomingMessage } from 'node:http';

/** While it is held the runner stays, also when nothing runs. */
export class Lease {
  /** Resolves when the lease is over; `lost` when the runner went away. Never rejects. */
  readonly ended: Promise<'released' | 'lost'>;
  readonly #response: IncomingMessage;
  #released = false;

  /** @internal Use Petri.lease. */
  constructor(response: IncomingMessage) {
    this.#response = response;
    this.ended = new Promise((resolve) => {
      response.on('error', () => {}).on('close', () => resolve(this.#released ? 'released' : 'lost'));
    });
    response.resume();
  }

  /** Gives it back by closing the connection. */
  release(): void {
    this.#released = true;
    this.#response.destroy();
  }
}
