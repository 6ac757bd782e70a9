import type { Decision } from './door';

/** What a gateway is told, as one line of JSON on its stdin, before it opens. It is the only thing it ever hears. */
export interface GatewayConfig {
  /** How long a connection may take to begin: its first request, its handshake, a request's head, and one to a registry until it is secured; milliseconds, 20,000 where it is absent. */
  patience?: number;
  /** Its own address on the internal network: the only one it listens on. */
  listen: string;
  hosts: GatewayHost[];
  /** PEM of every authority that a registry's certificate may come from. */
  roots: string;
  /** Addresses of the machine itself, never dialled however a name resolves. */
  ownAddresses: string[];
  /** Where artefacts are kept for further installs; absent: nowhere. */
  artefacts?: { folder: string; mostBytes: number };
}

export interface GatewayHost {
  /** The name that the tools inside ask for, canonical. */
  name: string;
  port: number;
  /** Where it really lies, if elsewhere: `name` is an alias, as lock files know it. */
  upstream?: { host: string; port: number };
  /** PEM, for `name`, signed by the authority of this door. */
  certificate: string;
  key: string;
  /** A setting names it: it may lie on a private address. */
  private: boolean;
  /** URL of the host's own proxy, with its credentials, when the way leads through one. */
  proxy?: string;
  /** Sent upstream with every request to it; the container never sees it. */
  authorization?: string;
}

/** Lines of JSON on the gateway's stdout. */
export type GatewayEvent = { event: 'ready'; port: number } | { event: 'decision'; decision: Decision };
