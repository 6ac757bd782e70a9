import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Done, Progress, Started } from '../../../src/protocol/run';
import type { RunnerStatus } from '../../../src/protocol/runner';
import type { Sandbox } from '../../../src/protocol/sandbox';
import { PROTOCOL_VERSION } from '../../../src/protocol/version';
import { pathsOf } from '../../../src/sdk/typescript/localFiles';

export const SANDBOX_ID = `sb_${'a'.repeat(32)}`;
export const RUN_ID = `run_${'b'.repeat(32)}`;
const LIMITS = { cpus: 1, memory_bytes: 2 ** 30, pids: 512, disk_bytes: 2 ** 33, disk_files: 1_000_000, seconds: 0, output_bytes: 2 ** 24 };

export type Answer = (response: ServerResponse, request: IncomingMessage, url: URL) => unknown;

/** A real HTTP server on a real unix socket that speaks the protocol; what it answers is up to the test. */
export class FakeRunner {
  /** `POST /path` of every request, in order; bodies that were read, by the same index. */
  readonly requests: string[] = [];
  readonly bodies: string[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  token = randomBytes(16).toString('hex');
  readonly env: NodeJS.ProcessEnv;
  readonly #answers: Array<{ route: RegExp; answer: Answer }> = [];
  readonly #server: Server;

  private constructor(readonly home: string, public status: RunnerStatus) {
    this.env = { ...process.env, PETRI_HOME: home, NO_COLOR: '1' };
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** `home` exists. Rejects EADDRINUSE when another listens in it. */
  static async start(home = temporaryHome(), status: Partial<RunnerStatus> = {}): Promise<FakeRunner> {
    const runner = new FakeRunner(home, { ...statusOf(), ...status });
    const paths = pathsOf({ env: { PETRI_HOME: home } });
    runner.#server.listen(paths.socket);
    await once(runner.#server, 'listening');
    writeFileSync(paths.tokenFile, `${runner.token}\n`, { mode: 0o600 });
    runner.on(/^GET \/v1\/runner$/, (response) => json(response, 200, runner.status));
    runner.on(/^POST \/v1\/sandboxes$/, (response) => json(response, 200, sandboxInfo()));
    runner.on(/^GET \/v1\/sandboxes$/, (response) => json(response, 200, [sandboxInfo()]));
    runner.on(/^GET \/v1\/sandboxes\/sb_a+$/, (response) => json(response, 200, sandboxInfo()));
    return runner;
  }

  /** The latest answer for a route wins. */
  on(route: RegExp, answer: Answer): void {
    this.#answers.unshift({ route, answer });
  }

  /** Answers exec by playing a script of events. */
  onExec(play: (stream: EventStream, request: IncomingMessage) => unknown): void {
    this.on(/^POST \/v1\/sandboxes\/[^/]+\/exec$/, (response, request) => play(new EventStream(response), request));
  }

  /** As a crash does it: every connection breaks, the socket's file goes. */
  async kill(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const line = `${request.method} ${decodeURIComponent(url.pathname)}`;
    this.requests.push(line);
    if (request.headers.authorization !== `Bearer ${this.token}`) return json(response, 401, errorBody('unauthorized', 'Wrong token.'));
    const found = this.#answers.find(({ route }) => route.test(line));
    if (!found) return json(response, 404, errorBody('not-found', `No route ${line}.`));
    if (request.headers['content-type'] !== 'application/json') return void found.answer(response, request, url);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      this.bodies.push(Buffer.concat(chunks).toString());
      found.answer(response, request, url);
    });
  }
}

/** The server's side of an event stream. */
export class EventStream {
  constructor(readonly response: ServerResponse) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  }

  /** Waits when the client does not read: back-pressure. */
  async send(event: string, data: unknown): Promise<void> {
    if (this.response.write(frame(event, data)) || this.response.closed) return;
    const settled = new AbortController();
    await Promise.race(['drain', 'close'].map((name) => once(this.response, name, { signal: settled.signal }))).catch(() => {});
    settled.abort();
  }

  progress(progress: Progress): Promise<void> {
    return this.send('progress', progress);
  }

  started(more: Partial<Started> = {}): Promise<void> {
    const started: Started = {
      run_id: RUN_ID, warm: true, receipt: 'f'.repeat(64), generation: 1,
      sent_files: 0, sent_bytes: 0, deleted_files: 0, total_files: 3, ...more,
    };
    return this.send('started', started);
  }

  output(stream: 'stdout' | 'stderr', bytes: Buffer | string): Promise<void> {
    return this.send('output', typeof bytes === 'string' ? { stream, text: bytes } : { stream, base64: bytes.toString('base64') });
  }

  async done(more: Partial<Done> = {}): Promise<void> {
    const done: Done = {
      run_id: RUN_ID, exit_code: 0, reason: 'exited', duration_ms: 12,
      stdout_bytes: 0, stderr_bytes: 0, truncated: false, error: null, missing: [], ...more,
    };
    await this.send('done', done);
    this.response.end();
  }
}

export function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function errorBody(code: string, message: string, more: { action?: string; details?: string[] } = {}): unknown {
  return { error: { code, message, ...more } };
}

export function statusOf(): RunnerStatus {
  return {
    version: '0.1.0', protocol: PROTOCOL_VERSION, pid: process.pid, started_at: new Date().toISOString(), draining: false, leases: 0,
    active_runs: 0, sandboxes: 1, engine: null, engine_error: null,
  };
}

export function sandboxInfo(more: Partial<Sandbox> = {}): Sandbox {
  return {
    id: SANDBOX_ID, folder: '/home/ada/project', language: 'python', image: 'petri-python:000000000000', status: 'running',
    agent: null, created_by: 'cli', created_at: '2026-01-01T00:00:00.000Z', last_activity_at: '2026-01-01T00:00:00.000Z',
    expires_at: null, deletes_at: null, ttl_seconds: 3600, retention_seconds: 604_800, limits: LIMITS, allow: [], dependencies: {}, generation: 1, receipt: null, active_runs: 0, error: null, ...more,
  };
}

export function temporaryHome(): string {
  return mkdtempSync(join(tmpdir(), 'petri-test-'));
}
