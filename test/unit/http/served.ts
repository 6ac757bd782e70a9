import { once } from 'node:events';
import { request } from 'node:http';
import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import type { PetriService } from '../../../src/engine/service';
import { createApp } from '../../../src/runner/http/app';
import type { Lifecycle } from '../../../src/runner/http/environment';
import { createHttpServer } from '../../../src/runner/http/server';
import { newFolder } from '../store/rows';
import { FakeService } from './fakeService';

export const TOKEN = 'f'.repeat(64);

export interface Sent { method?: string; headers?: OutgoingHttpHeaders; body?: unknown; agent?: Agent }
export interface Answer { status: number; headers: IncomingMessage['headers']; text: string; json: unknown }
export interface SseEvent { event: string; data: Record<string, unknown> }

/** The HTTP room on a real unix socket, before a service that is not. */
export async function serve(service: PetriService = new FakeService()) {
  const socketPath = join(newFolder(), 's');
  const log: string[] = [];
  const lifecycle: Lifecycle & { draining: boolean; leases: number; stopped: string[]; onStop: Array<() => void> } = {
    draining: false, leases: 0, stopped: [], onStop: [],
    holdLease(onStop) { this.leases += 1; this.onStop.push(onStop); return () => { this.leases -= 1; }; },
    stop(mode) { this.stopped.push(mode); },
  };
  let active = 0;
  const app = createApp({ service, token: TOKEN, lifecycle, log: (line) => log.push(line) });
  const server = createHttpServer(app, () => { active += 1; return () => { active -= 1; }; });
  server.listen(socketPath);
  await once(server, 'listening');

  const open = (path: string, { method = 'GET', headers, agent }: Sent = {}) => request({
    socketPath, path, method, agent, headers: { host: 'localhost', authorization: `Bearer ${TOKEN}`, ...headers },
  });
  const response = async (path: string, sent: Sent = {}): Promise<IncomingMessage> => {
    // An answer may come, and the connection go, before the whole body was sent.
    const outgoing = open(path, sent);
    outgoing.end(sent.body === undefined ? undefined : typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body));
    return new Promise((resolve, reject) => { outgoing.on('response', resolve).on('error', reject); });
  };
  return {
    socketPath, lifecycle, log, open, response,
    active: () => active,
    async call(path: string, sent: Sent = {}): Promise<Answer> {
      const incoming = await response(path, sent);
      const text = await textOf(incoming);
      return { status: incoming.statusCode!, headers: incoming.headers, text, json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined };
    },
    async events(path: string, sent: Sent = {}): Promise<SseEvent[]> { return parseEvents(await textOf(await response(path, sent))); },
    async close() { server.closeAllConnections(); server.close(); },
  };
}

export async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function parseEvents(text: string): SseEvent[] {
  return text.split('\n\n').filter((block) => block !== '' && !block.startsWith(':')).map((block) => {
    const [event, data] = block.split('\n');
    return { event: event!.replace(/^event: /, ''), data: JSON.parse(data!.replace(/^data: /, '')) as Record<string, unknown> };
  });
}

/** What the output events of one stream carry. */
export function outputOf(events: SseEvent[], stream: string): Buffer {
  return Buffer.concat(events.filter(({ event, data }) => event === 'output' && data['stream'] === stream)
    .map(({ data }) => ('text' in data ? Buffer.from(data['text'] as string) : Buffer.from(data['base64'] as string, 'base64'))));
}

export async function until(condition: () => boolean, ms = 5000): Promise<void> {
  for (const end = Date.now() + ms; !condition();) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
