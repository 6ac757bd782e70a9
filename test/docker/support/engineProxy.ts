import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** cut-before: the engine never hears of the call. cut-after: the engine did as told, and the caller never learns. */
export type Fate = 'pass' | 'cut-before' | 'cut-after';

/** The engine's calls by what they are for, as `METHOD /path` without version and query. */
export const CALL = {
  create: /^POST \/containers\/create$/,
  seed: /^PUT \/containers\/\w+\/archive$/,
  attach: /^POST \/containers\/\w+\/attach$/,
  start: /^POST \/containers\/\w+\/start$/,
  wait: /^POST \/containers\/\w+\/wait$/,
  inspect: /^GET \/containers\/\w+\/json$/,
  remove: /^DELETE \/containers\/[\w-]+$/,
  createVolume: /^POST \/volumes\/create$/,
  removeVolume: /^DELETE \/volumes\/[\w-]+$/,
};

/** The engine's socket that the tests run on. */
export function engineSocket(): string {
  const endpoint = process.env['PETRI_TEST_ENGINE'] ?? process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  if (!endpoint.startsWith('unix://')) throw new Error(`these tests put a proxy before a unix socket, not ${endpoint}`);
  return endpoint.slice('unix://'.length);
}

/** Stands between a runner and the engine, and loses what it is told to lose. */
export class EngineProxy {
  /** Decides before the call is handed on; may take its time. */
  judge: (call: string) => Fate | Promise<Fate> = () => 'pass';
  /** Sees what a container says before its reader does; false cuts that connection instead. */
  listen: (chunk: Buffer) => boolean = () => true;
  /** Sees what a container is told before it hears it; false cuts that connection instead. */
  overhear: (chunk: Buffer) => boolean = () => true;
  readonly calls: string[] = [];
  private readonly server: Server;
  private readonly hijacked = new Set<Duplex>();
  private readonly agent = new Agent({ keepAlive: false });

  private constructor(readonly socket: string, private readonly upstream: string) {
    // An engine keeps idle connections open.
    this.server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 });
    this.server.on('request', (incoming, answer) => void this.relay(incoming, answer));
    this.server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => void this.hijack(incoming, socket));
  }

  static async start(upstream = engineSocket()): Promise<EngineProxy> {
    const proxy = new EngineProxy(join(await mkdtemp(join(tmpdir(), 'petri-proxy-')), 'engine.sock'), upstream);
    await new Promise<void>((resolve) => proxy.server.listen(proxy.socket, resolve));
    return proxy;
  }

  /** As DOCKER_HOST takes it. */
  get endpoint(): string {
    return `unix://${this.socket}`;
  }

  /** The next call of this kind meets its fate; all others pass. Resolves when it has. */
  once(kind: RegExp, fate: Fate, also: () => void | Promise<void> = () => undefined): Promise<void> {
    return new Promise((resolve) => {
      this.judge = async (call) => {
        if (!kind.test(call)) return 'pass';
        this.judge = () => 'pass';
        await also();
        resolve();
        return fate;
      };
    });
  }

  /** Ends every connection to a container's streams. */
  cutStreams(): void {
    for (const socket of this.hijacked) socket.destroy();
  }

  async stop(): Promise<void> {
    this.judge = () => 'cut-before';
    this.cutStreams();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    this.agent.destroy();
    rmSync(dirname(this.socket), { recursive: true, force: true });
  }

  private async relay(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    // Whole before it is judged: the engine may hear of it after its caller has died.
    const body = CALL.create.test(callOf(incoming)) ? await buffer(incoming) : undefined;
    const fate = await this.fateOf(incoming);
    if (fate === 'cut-before') return void incoming.socket.destroy();
    const outgoing = this.ask(incoming);
    answer.on('close', () => outgoing.destroy());
    outgoing.on('error', () => incoming.socket.destroy());
    outgoing.on('response', (response) => {
      response.on('error', () => incoming.socket.destroy());
      if (fate === 'cut-after') return void response.on('end', () => incoming.socket.destroy()).resume();
      answer.writeHead(response.statusCode!, response.headers);
      answer.flushHeaders();
      response.pipe(answer);
    });
    if (body) outgoing.end(body);
    else incoming.pipe(outgoing);
  }

  private async hijack(incoming: IncomingMessage, near: Duplex): Promise<void> {
    near.on('error', () => undefined);
    const fate = await this.fateOf(incoming);
    if (fate === 'cut-before') return void near.destroy();
    const outgoing = this.ask(incoming);
    outgoing.on('error', () => near.destroy());
    outgoing.on('response', () => near.destroy());
    outgoing.on('upgrade', (response, far: Duplex) => {
      far.on('error', () => undefined);
      if (fate === 'cut-after') {
        near.destroy();
        return void far.destroy();
      }
      this.hijacked.add(near);
      near.write(`HTTP/1.1 101 UPGRADED\r\n${Object.entries(response.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`).join('')}\r\n`);
      far.on('data', (chunk: Buffer) => {
        if (!this.listen(chunk)) near.destroy();
        else if (!near.write(chunk)) far.pause();
      });
      near.on('drain', () => far.resume());
      far.on('end', () => near.end()).on('close', () => near.destroy());
      near.on('close', () => {
        this.hijacked.delete(near);
        far.destroy();
      });
      near.on('data', (chunk: Buffer) => {
        if (!this.overhear(chunk)) near.destroy();
        else if (!far.write(chunk)) near.pause();
      });
      far.on('drain', () => near.resume());
      near.on('end', () => far.end());
    });
    outgoing.end();
  }

  private fateOf(incoming: IncomingMessage): Fate | Promise<Fate> {
    const call = callOf(incoming);
    this.calls.push(call);
    return this.judge(call);
  }

  private ask(incoming: IncomingMessage) {
    return request({ socketPath: this.upstream, agent: this.agent, method: incoming.method!, path: incoming.url!, headers: incoming.headers });
  }
}

/** `METHOD /path`, without version and query. */
function callOf(incoming: IncomingMessage): string {
  return `${incoming.method} ${incoming.url!.replace(/^\/v[\d.]+/, '').replace(/\?.*$/, '')}`;
}
