import type { RegistryHosts } from '../../gateway/door';

/** True for an index that installs in this image do not use. Where the user's machine names a mirror, it stands for every index. */
export function foreignRegistry(address: string, registries: RegistryHosts | undefined): boolean {
  if (!registries || registries.mirrors?.pip !== undefined) return false;
  const host = URL.parse(address)?.host;
  return host === undefined || host === '' || !(registries.hosts.includes(host) || host in registries.aliases);
}
