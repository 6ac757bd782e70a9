import { PetriError } from '../errors';
import type { HostNetwork } from '../ports/hostNetwork';
import type { Certificates } from './certificates';
import type { RegistryHosts } from './door';
import type { GatewayConfig, GatewayHost } from './messages';
import { parseTarget, printTarget, type Target } from './policy/hostName';

/** Everything a gateway has to know. Throws bad-request for a host that is none. */
export async function gatewayConfig(host: HostNetwork, { hosts, aliases, named = [] }: RegistryHosts, { hosts: certificates }: Certificates, listen: string): Promise<GatewayConfig> {
  const one = async (text: string, { host: name, port }: Target, upstream?: Target): Promise<GatewayHost> => {
    const real = upstream ?? { host: name, port };
    return {
      name, port, upstream, ...certificates.get(name)!, private: named.includes(text), proxy: host.proxyFor(real.host, real.port),
      authorization: await host.authorizationFor(printTarget(real)),
    };
  };
  return {
    listen, roots: await host.roots(), ownAddresses: host.ownAddresses(),
    hosts: await Promise.all([
      ...hosts.map((text) => one(text, targetOf(text))),
      ...Object.entries(aliases).map(([alias, real]) => one(real, targetOf(alias), targetOf(real))),
    ]),
  };
}

/** Throws bad-request. */
export function targetOf(text: string): Target {
  const target = parseTarget(text, 443);
  if (target) return target;
  throw new PetriError('bad-request', `${JSON.stringify(text)} is no name of a registry's host.`, { action: 'Write it as host or host:port, in lower-case ASCII.' });
}
