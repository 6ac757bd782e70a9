import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GatewayConfig, GatewayHost } from '../../engine/gateway/messages';
import { parseTarget, type Target } from '../../engine/gateway/policy/hostName';
import { ArtefactCache } from './artefactCache';
import { onClientError } from './garbage';
import { Refusal } from './refusal';
import { Relay } from './relay';
import { Verdict } from './report';
import { Tunnels } from './tunnels';
import { Upstream } from './upstream';

/** So that connections that say nothing do not stay. */
const PATIENCE_MS = 20_000;
const KEPT_MS = 30_000;

/** Listens for CONNECT on the internal network; answers the port. Whatever is not a CONNECT to a registry is refused. */
export async function openGateway(config: GatewayConfig): Promise<number> {
  const hosts = new Map(config.hosts.map((host) => [`${host.name}:${host.port}`, host]));
  const cache = config.artefacts && await ArtefactCache.open(config.artefacts.folder, config.artefacts.mostBytes);
  const { patience = PATIENCE_MS } = config;
  const tunnels = new Tunnels(new Relay(new Upstream(config, patience), cache), patience);
  const server = createServer({ headersTimeout: patience, connectionsCheckingInterval: patience / 4, keepAliveTimeout: KEPT_MS });
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      const { target, host } = admit(request, hosts);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      tunnels.open(socket, target, host);
    } catch (error) {
      refuseConnect(request, socket, error);
    }
  });
  // Plain HTTP through the proxy, and anything else that is asked of the gateway itself.
  server.on('request', (request, answer) => {
    new Verdict({ host: request.headers.host ?? '', port: 80, method: request.method ?? '', path: request.url ?? '' }).tell(false, 'plaintext');
    answer.writeHead(403, { connection: 'close', 'content-type': 'text/plain' }).end('Only TLS to a package registry goes through here.\n');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => refuseConnect(request, socket, new Refusal('plaintext', 403, 'only CONNECT is answered here')));
  server.on('clientError', (error, socket) => onClientError(error, socket));
  return listen(server, config.listen);
}

/** Throws Refusal. */
function admit(request: IncomingMessage, hosts: Map<string, GatewayHost>): { target: Target; host: GatewayHost } {
  const target = parseTarget(request.url ?? '');
  if (!target) throw new Refusal('target', 400, 'the CONNECT does not name a host and a port in a form that is understood');
  const host = hosts.get(`${target.host}:${target.port}`);
  if (host) return { target, host };
  if ([...hosts.values()].some(({ name }) => name === target.host)) throw new Refusal('port', 403, `port ${target.port} is not allowed`);
  throw new Refusal('host', 403, `${target.host} is not a package registry of this sandbox`);
}

function refuseConnect(request: IncomingMessage, socket: Duplex, error: unknown): void {
  const refusal = error instanceof Refusal ? error : new Refusal('internal', 500, 'the gateway failed');
  const target = parseTarget(request.url ?? '');
  new Verdict({ host: target?.host ?? request.url ?? '', port: target?.port ?? 0, method: request.method ?? '', path: '' }).tell(false, refusal.rule);
  socket.end(`HTTP/1.1 ${refusal.status} ${refusal.message}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nPetri's gateway: ${refusal.message}.\n`);
}

function listen(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, () => resolve((server.address() as AddressInfo).port));
  });
}
