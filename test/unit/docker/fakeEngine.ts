import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { dockerEngine } from '../../../src/runner/docker/dockerEngine';
import type { Surroundings } from '../../../src/runner/docker/endpoints/surroundings';

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

/** Surroundings of a machine with nothing on it. */
export function emptyMachine(change: Partial<Surroundings> = {}): Surroundings {
  return { platform: 'linux', env: {}, home: '/home/someone', uid: 1000, readFile: () => undefined, ...change };
}

/**
 * Something that speaks like an engine on a real unix socket: every answer is the test's own, keyed by `METHOD /path` without
 * the version; `/version` and `/info` are there unless overridden.
 */
export async function fakeEngine(answers: Record<string, Answer> = {}, version: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'petri-test-'));
  const socket = join(folder, 'e.sock');
  const seen: string[] = [];
  const json = (value: object): Answer => (_request, response) => { response.setHeader('content-type', 'application/json').end(JSON.stringify(value)); };
  const all: Record<string, Answer> = {
    'GET /version': json({ Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12', Components: [{ Name: 'Engine' }], ...version }),
    'GET /info': json({ NCPU: 2, MemTotal: 1e9, Architecture: 'x86_64', SecurityOptions: ['name=seccomp,profile=default'], CgroupVersion: '2', Runtimes: { runc: {} } }),
    ...answers,
  };
  const upgrades = new Set<Duplex>();
  const heads: Buffer[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    seen.push(`${request.method} ${url}`);
    const key = `${request.method} ${url.replace(/^\/v[\d.]+/, '').replace(/\?.*$/, '')}`;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const answer = all[key];
      if (answer) answer(request, response, Buffer.concat(chunks));
      else response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ message: `no ${key}` }));
    });
  });
  server.on('upgrade', (_request, connection: Duplex, head: Buffer) => {
    upgrades.add(connection);
    heads.push(head);
    connection.write('HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    server.emit('attached', connection);
  });
  await new Promise<void>((resolve) => { server.listen(socket, resolve); });
  const engine = dockerEngine(emptyMachine(), `unix://${socket}`);
  return {
    engine, socket, seen, server,
    /** What came with each request to hand over its connection, and so would be a container's first input. */
    heads,
    /** The connection of the next attach. */
    attached: () => new Promise<Duplex>((resolve) => { server.once('attached', resolve); }),
    /** The engine dies: every connection breaks and nobody listens any more. */
    die() {
      for (const connection of upgrades) connection.destroy();
      server.closeAllConnections();
      return new Promise<void>((resolve) => { server.close(() => resolve()); });
    },
    async stop() {
      engine.close();
      if (server.listening) await this.die();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type FakeEngine = Awaited<ReturnType<typeof fakeEngine>>;
