import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { GatewayHost } from '../../engine/gateway/messages';
import { canonicalHost, type Target } from '../../engine/gateway/policy/hostName';
import { checkRequest } from './checkRequest';
import { onClientError, refuseGarbage } from './garbage';
import { Refusal } from './refusal';
import type { Relay } from './relay';
import { Verdict } from './report';

interface Tunnel { target: Target; host: GatewayHost }

/** Ends TLS of what came through a CONNECT, under the name that the CONNECT gave, and reads plain requests out of it. */
export class Tunnels {
  private readonly contexts = new Map<GatewayHost, SecureContext>();
  private readonly tunnels = new WeakMap<Duplex, Tunnel>();
  private readonly server: Server;

  /** `patience`: milliseconds for a handshake, and for a request's head. */
  constructor(private readonly relay: Relay, private readonly patience: number) {
    this.server = createServer({ keepAliveTimeout: 60_000, headersTimeout: patience, connectionsCheckingInterval: patience / 4 });
    // It never listens, and only looks after connections for whose heads it waits too long from that moment on.
    this.server.emit('listening');
    // Or what stands after the first thousand or two is acted on by the parser and seen by nobody; their size has its limit.
    this.server.maxHeadersCount = 0;
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      this.server.on(event, (request: IncomingMessage, answer: ServerResponse) => void this.serve(request, answer));
    }
    for (const event of ['connect', 'upgrade']) this.server.on(event, (_request: IncomingMessage, socket: Duplex) => refuseGarbage(socket, this.tunnels.get(socket)?.target));
    this.server.on('clientError', (error, socket) => {
      const tunnel = this.tunnels.get(socket);
      if (tunnel) onClientError(error, socket, tunnel.target);
      else socket.destroy();
    });
  }

  open(socket: Duplex, target: Target, host: GatewayHost): void {
    const refuse = (rule: string) => {
      new Verdict({ host: target.host, port: target.port, method: 'CONNECT', path: '' }).tell(false, rule);
      socket.destroy();
    };
    const named = host.name.includes(':') || /^[\d.]+$/.test(host.name) ? undefined : host.name;
    let mismatch = false;
    const secure = new TLSSocket(socket as never, {
      isServer: true, secureContext: this.context(host), ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => {
        // Some name an address too, though nobody should.
        mismatch = canonicalHost(name) !== host.name;
        if (mismatch) done(new Error('another name'));
        else done(null, this.context(host));
      },
    });
    const late = setTimeout(() => refuse('handshake'), this.patience);
    secure.on('error', () => {
      clearTimeout(late);
      refuse(mismatch ? 'sni-mismatch' : 'handshake');
    });
    secure.on('close', () => clearTimeout(late));
    secure.once('secure', () => {
      clearTimeout(late);
      // A name that nobody gave proves nothing; addresses have none to give.
      if (named !== undefined && !(secure as { servername?: string | false }).servername) return refuse('sni-missing');
      this.tunnels.set(secure, { target, host });
      secure.removeAllListeners('error').on('error', () => secure.destroy());
      this.server.emit('connection', secure);
    });
  }

  private async serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const tunnel = this.tunnels.get(request.socket);
    // Whatever comes after a request that was refused.
    if (!tunnel) return void request.socket.destroy();
    const { target, host } = tunnel;
    const verdict = new Verdict({ host: target.host, port: target.port, method: request.method ?? '', path: request.url ?? '' });
    try {
      checkRequest(request, target);
      await this.relay.answer(request, answer, host, verdict);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('internal', 502, 'the gateway failed');
      verdict.tell(false, refusal.rule);
      this.tunnels.delete(request.socket);
      if (answer.headersSent) return void answer.destroy();
      answer.shouldKeepAlive = false;
      answer.writeHead(refusal.status, refusal.message.replace(/[^\x20-\x7e]/g, '?').slice(0, 400), { connection: 'close', 'content-type': 'text/plain' });
      answer.end(request.method === 'HEAD' ? undefined : `Petri's gateway: ${refusal.message}.\n`);
    }
  }

  private context(host: GatewayHost): SecureContext {
    const known = this.contexts.get(host);
    if (known) return known;
    const made = createSecureContext({ cert: host.certificate, key: host.key, minVersion: 'TLSv1.2' });
    this.contexts.set(host, made);
    return made;
  }
}
