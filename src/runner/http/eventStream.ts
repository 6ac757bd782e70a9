import type { ServerResponse } from 'node:http';
import { drained } from './drained';
import type { Piece, Representation } from './representation';

/** Keeps a silent stream from looking dead, ms. */
const PING_EVERY = 30_000;
/** Small chunks of one tick are sent as one event, up to this many bytes. */
const COALESCE_UP_TO = 64 * 1024;

/**
 * Events written straight to Node's response. Headers go out with the first event, so that what fails before
 * has a status of its own. A method that returns a promise asks its caller to wait: the reader is slower. After the
 * reader has gone, everything is dropped.
 */
export class EventStream {
  #small: Buffer[] = [];
  #smallBytes = 0;
  #smallStream: 'stdout' | 'stderr' = 'stdout';
  #drained: Promise<void> | undefined;
  readonly #ping: NodeJS.Timeout;

  constructor(private readonly response: ServerResponse, private readonly as: Representation) {
    this.#ping = setInterval(() => this.ping(), PING_EVERY).unref();
    response.once('close', () => clearInterval(this.#ping));
  }

  /** False while nothing was sent, nor is about to be. */
  get opened(): boolean { return this.response.headersSent || this.#smallBytes > 0; }

  /** True when the reader has gone. */
  get gone(): boolean { return this.response.destroyed; }

  event(name: string, data: unknown): void | Promise<void> {
    this.#flush();
    return this.#write(this.as.event(name, data));
  }

  output(stream: 'stdout' | 'stderr', chunk: Buffer): void | Promise<void> {
    if (chunk.length === 0) return;
    if (this.#smallBytes > 0 && (stream !== this.#smallStream || this.#smallBytes + chunk.length > COALESCE_UP_TO)) this.#flush();
    if (chunk.length > COALESCE_UP_TO / 2 && this.#smallBytes === 0) return this.#write(this.as.output(stream, [chunk], chunk.length));
    if (this.#smallBytes === 0) process.nextTick(() => this.#flush());
    this.#small.push(chunk);
    this.#smallBytes += chunk.length;
    this.#smallStream = stream;
    return this.#drained;
  }

  /** Says nothing but that the stream is there. */
  ping(): void {
    void this.#write(this.as.ping);
  }

  /** The last event. */
  end(name: 'done' | 'error', data: unknown): void {
    void this.event(name, data);
    if (!this.gone) this.response.end();
  }

  #flush(): void {
    if (this.#smallBytes === 0) return;
    const pieces = this.as.output(this.#smallStream, this.#small, this.#smallBytes);
    this.#small = [];
    this.#smallBytes = 0;
    void this.#write(pieces);
  }

  #write(pieces: Piece[]): void | Promise<void> {
    if (this.gone || this.response.writableEnded) return;
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': this.as.contentType, 'cache-control': 'no-store' });
    let room = true;
    for (const { content, encoding = 'utf8' } of pieces) room = this.response.write(content, encoding);
    if (room) return;
    return this.#drained ??= drained(this.response).then(() => { this.#drained = undefined; });
  }
}
