import type { IncomingMessage } from 'node:http';
import type { StateEvent } from '../../protocol/events';
import { parseEvent } from './parseEvent';
import { SseParser } from './sse';

/** While it is held the runner stays, also when nothing runs. */
export class Lease {
  /** Resolves when the lease is over; `lost` when the runner went away. Never rejects. */
  readonly ended: Promise<'released' | 'lost'>;
  readonly #response: IncomingMessage;
  #released = false;

  /** @internal Use Petri.lease or Petri.watch. */
  constructor(response: IncomingMessage, onEvent?: (event: StateEvent) => void) {
    this.#response = response;
    this.ended = new Promise((resolve) => {
      response.on('error', () => {}).on('close', () => resolve(this.#released ? 'released' : 'lost'));
    });
    if (onEvent) this.#tell(onEvent);
    else response.resume();
  }

  /** Gives it back by closing the connection. */
  release(): void {
    this.#released = true;
    this.#response.destroy();
  }

  #tell(onEvent: (event: StateEvent) => void): void {
    const parser = new SseParser();
    this.#response.on('data', (chunk: Buffer) => {
      for (const event of this.#understood(parser, chunk)) if (!this.#released) onEvent(event);
    });
  }

  /** What cannot be understood ends the lease: whoever holds it takes a new one. */
  #understood(parser: SseParser, chunk: Buffer): StateEvent[] {
    try {
      return parser.push(chunk).filter(({ event }) => event !== 'done').map(({ event, data }) => ({ event, data: parseEvent(data) }) as StateEvent);
    } catch {
      this.#response.destroy();
      return [];
    }
  }
}
