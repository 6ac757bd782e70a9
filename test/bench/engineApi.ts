import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The engine's API with nothing in between: what any client can have at best, over connections that stay open. API 1.41,
 * on a unix socket.
 */
export class EngineApi {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly socketPath: string, private readonly signal: AbortSignal) {}

  /** Aborted by nothing: for cleaning up. */
  withoutSignal(): EngineApi {
    return new EngineApi(this.socketPath, new AbortController().signal);
  }

  /** The answer's body as JSON, undefined when it has none. Rejects with the engine's own words. */
  async json<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const bytes = await this.bytes(method, path, body);
    return (bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'))) as T;
  }

  /** The whole body. */
  async bytes(method: string, path: string, body?: unknown): Promise<Buffer> {
    const response = await this.send(method, path, body);
    const whole = await read(response);
    if ((response.statusCode ?? 500) >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${whole.toString('utf8').trim()}`);
    return whole;
  }

  /** A connection that carries raw bytes both ways, for attach and exec; `head` is what came with the answer. */
  hijack(path: string, body?: unknown): Promise<{ socket: Duplex; head: Buffer }> {
    return new Promise((resolve, reject) => {
      const payload = encode(body);
      const outgoing = request({ ...this.options('POST', path, payload), agent: false, headers: {
        ...this.options('POST', path, payload).headers, connection: 'Upgrade', upgrade: 'tcp',
      } });
      outgoing.on('upgrade', (_response, socket, head) => resolve({ socket, head }));
      outgoing.on('response', (response) => {
        read(response).then((text) => reject(new Error(`POST ${path}: ${response.statusCode} ${text.toString('utf8').trim()}`)), reject);
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, body: unknown): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const payload = encode(body);
      request(this.options(method, path, payload), resolve).on('error', reject).end(payload);
    });
  }

  private options(method: string, path: string, payload: Buffer): RequestOptions {
    const type = payload.length > 0 && payload[0] !== 0x7b ? 'application/x-tar' : 'application/json';
    return {
      socketPath: this.socketPath, agent: this.agent, method, path: `/v1.41${path}`, signal: this.signal,
      headers: { host: 'engine', 'content-type': type, 'content-length': payload.length },
    };
  }
}

/** A Buffer is a tar archive and sent as it is. */
function encode(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
