import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import ipaddr from 'ipaddr.js';
import type { GatewayConfig, GatewayHost } from '../../engine/gateway/messages';
import { printTarget } from '../../engine/gateway/policy/hostName';
import { AddressBook } from './addressBook';
import { Refusal } from './refusal';
import type { Verdict } from './report';

export interface Ask { method: string; path: string; headers: Record<string, string> }

/** Of a whole request: a registry that is down ends in a clear word after the last of them. */
const PAUSES_MS = [500, 2000, 5000];
const PASSING = new Set([429, 502, 503, 504]);
const IDLE_MS = 60_000;

/** The gateway's way out. */
export class Upstream {
  private readonly tls;
  private readonly direct: Agent;
  private readonly proxied = new Map<string, Agent>();
  private readonly addresses: AddressBook;

  /** `patience`: milliseconds until a connection must be made, its handshakes included. */
  constructor(config: GatewayConfig, private readonly patience: number) {
    // Parsed once: hundreds of authorities cost milliseconds for every connection.
    this.tls = { secureContext: createSecureContext({ ca: config.roots }), minVersion: 'TLSv1.2' as const };
    this.direct = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo', ...this.tls });
    this.addresses = new AddressBook(config.ownAddresses);
  }

  /**
   * The registry's answer, its head read and its body still to come. What fails on the way is tried again a few times, since
   * a GET may be. Throws Refusal.
   */
  async ask(host: GatewayHost, ask: Ask, verdict: Verdict, signal: AbortSignal): Promise<IncomingMessage> {
    for (let attempt = 0; ; attempt += 1) {
      const pause = PAUSES_MS[attempt];
      try {
        const response = await this.once(host, ask, verdict, signal);
        if (pause === undefined || !PASSING.has(response.statusCode!)) return response;
        response.destroy();
      } catch (error) {
        if (signal.aborted) throw new Refusal('cut-short', 499, 'the tool hung up');
        if (error instanceof Refusal) throw error;
        this.addresses.forget(host.upstream?.host ?? host.name, host.private);
        const refusal = explain(error, host);
        // Who says nothing is asked twice at most.
        const silent = attempt > 0 && (error as NodeJS.ErrnoException).code === 'ETIMEDOUT';
        if (pause === undefined || silent || refusal.rule === 'tls-untrusted') throw refusal;
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  private async once(host: GatewayHost, ask: Ask, verdict: Verdict, signal: AbortSignal): Promise<IncomingMessage> {
    const { host: name, port } = host.upstream ?? { host: host.name, port: host.port };
    // Through a proxy a name is the proxy's to resolve, and its address the one that is dialled; an address is what it is.
    const address = host.proxy && !ipaddr.isValid(name) ? name : await this.addresses.find(name, host.private);
    verdict.note({ address: host.proxy ? new URL(host.proxy).hostname : address });
    const headers = {
      ...ask.headers, host: printTarget({ host: name, port }),
      ...(host.authorization !== undefined && { authorization: host.authorization }),
    };
    return new Promise((resolve, reject) => {
      const request = httpsRequest({
        method: ask.method, path: ask.path, headers, host: address, port, servername: ipaddr.isValid(name) ? undefined : name,
        agent: host.proxy ? this.through(host.proxy) : this.direct, signal, timeout: IDLE_MS, ...this.tls,
      });
      const silent = () => {
        const error = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
        // A request that has no connection yet tells nobody of its end.
        reject(error);
        request.destroy(error);
      };
      // Node's own timeout begins with a connection, and knows nothing of a proxy's part of it.
      const late = setTimeout(silent, this.patience);
      const connected = () => clearTimeout(late);
      request.on('socket', (socket) => (request.reusedSocket ? connected() : socket.once('secureConnect', connected)));
      request.on('timeout', silent).on('close', connected).on('error', reject).on('response', resolve).end();
    });
  }

  private through(proxy: string): Agent {
    const known = this.proxied.get(proxy);
    if (known) return known;
    const made = new HttpsProxyAgent(proxy, { keepAlive: true, maxSockets: 64, ...this.tls }) as unknown as Agent;
    this.proxied.set(proxy, made);
    return made;
  }
}

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_UNTRUSTED', 'CERT_REVOKED', 'INVALID_CA',
]);

function explain(error: unknown, { name, proxy }: GatewayHost): Refusal {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (UNTRUSTED.has(code)) {
    return new Refusal('tls-untrusted', 502, `the certificate of ${name} is not trusted (${code}); if your network has an authority of its own, name its file in PETRI_EXTRA_CA or in the setting jhansi.network.extraCertificates`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new Refusal('unresolved', 502, `the name ${name} cannot be resolved (${code})`);
  if (proxy !== undefined) {
    return new Refusal('unreachable', 502, `${name} cannot be reached through the proxy ${new URL(proxy).host} (${code || message}); one that listens on this machine alone is out of a gateway's reach`);
  }
  return new Refusal('unreachable', 502, `${name} does not answer (${code || message})`);
}
