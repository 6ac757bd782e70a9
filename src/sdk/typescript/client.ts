import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Found } from './connector';
import { cutOff, notSent, readAll, turnedAway, type Call, type Transport } from './transport';

/** Calls to one runner, or to its successor: a call that cannot have reached anyone, or that may be made twice, finds (or starts) the runner again. */
export class Client {
  #found: Found;
  #reconnecting: Promise<Found> | undefined;

  constructor(
    readonly transport: Transport,
    found: Found,
    /** Who this client is, for `created_by`. */
    readonly name: string,
    /** undefined: never look for another runner. */
    readonly reconnect: (() => Promise<Found>) | undefined,
  ) {
    this.#found = found;
  }

  /** The answer's stream. Rejects PetriClientError. */
  async send(call: Call): Promise<IncomingMessage> {
    const { endpoint } = this.#found;
    try {
      return await this.transport.send(endpoint, call);
    } catch (error) {
      const again = notSent(error) || turnedAway(error) || (repeatable(call) && cutOff(error));
      if (!this.reconnect || !again) throw error;
      this.#found = await (this.#reconnecting ??= this.reconnect().finally(() => { this.#reconnecting = undefined; }));
      return await this.transport.send(this.#found.endpoint, call);
    }
  }

  /** The answer's body as JSON; undefined when it is empty. */
  async json<T>(method: Call['method'], path: string, body?: unknown, options: Pick<Call, 'repeatable'> = {}): Promise<T> {
    const bytes = await readAll(await this.send({ method, path, body, ...options }));
    return (bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'))) as T;
  }

  /** Streams a body to the runner; see Transport.upload. */
  async upload(path: string, body: Readable, signal: AbortSignal): Promise<void> {
    await this.transport.upload(this.#found.endpoint, path, body, signal);
  }
}

function repeatable({ method, repeatable: said = method === 'GET' || method === 'PATCH' }: Call): boolean {
  return said;
}

/** `?a=1&b=x` of what is defined; '' when nothing is. */
export function query(values: Record<string, string | number | undefined>): string {
  const parts = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
