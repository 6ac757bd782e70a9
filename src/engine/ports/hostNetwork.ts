import type { Mirrors } from '../gateway/door';

/** How the user's own machine reaches package registries: what its tools, its proxy and its company are set up with. */
export interface HostNetwork {
  /** PEM of every authority that the machine trusts, with those a setting adds. Rejects bad-request when the setting's file cannot be read. */
  roots(): Promise<string>;
  /** Of the machine itself: a gateway never dials them. */
  ownAddresses(): string[];
  /** URL of the proxy that leads there, credentials included; undefined for the direct way. */
  proxyFor(host: string, port: number): string | undefined;
  /** What the user's own tools would send to this host as Authorization; undefined unless a setting asks for it. `host` or `host:port`. */
  authorizationFor(host: string): Promise<string | undefined>;
  /** From a setting, else from the machine's own tools, never from a project; without the credentials an address may carry. */
  mirrors(): Promise<Mirrors>;
  /** `host` or `host:port` that a setting allows besides. */
  extraHosts(): string[];
  /** Names that lock files know for a registry's real one. */
  aliases(): Record<string, string>;
}
