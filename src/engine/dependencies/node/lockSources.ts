import type { RegistryHosts } from '../../gateway/door';
import type { Requested } from '../adapter';
import { refused } from '../refused';
import type { Json } from './packageJson';
import { record } from './packageJson';

/**
 * A package-lock.json without addresses, so that npm asks the image's own registry, whose answer has to have the hash that stands in the
 * lock. Throws source-refused for what does not come from a registry at all, and for a registry that the image does not use.
 */
export function withoutAddresses(lock: Json, path: string, registries: RegistryHosts | undefined): { lock: Json; count: number } {
  let count = 0;
  const one = (name: string, entry: Json): Json => {
    if (entry.link === true) return entry;
    const { resolved, ...rest } = entry;
    if (typeof resolved === 'string') checkAddress(name, resolved, path, registries);
    if (typeof entry.version === 'string') {
      const source = /^(git|github|file|https?):/.exec(entry.version) ? { kind: 'git' as const, address: entry.version } : undefined;
      if (source) throw refused({ name, path, source }, ONLY_REGISTRY);
    }
    count += 1;
    return { ...rest, ...(entry.dependencies !== undefined && !isNames(entry.dependencies) && { dependencies: tree(record(entry.dependencies)) }) };
  };
  const tree = (entries: Json): Json => Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, one(name, record(entry))]));
  const packages = Object.entries(record(lock.packages));
  if (packages.length > 0) {
    const kept = packages.map(([place, entry]) => {
      // '' is the project itself; what does not lie in a node_modules is a member of the workspace.
      const foreign = /(^|\/)node_modules\//.test(place);
      return [place, foreign ? one(place.replace(/^.*node_modules\//, ''), record(entry)) : record(entry)] as const;
    });
    return { lock: { ...lock, dependencies: undefined, packages: Object.fromEntries(kept) }, count };
  }
  return { lock: { ...lock, dependencies: tree(record(lock.dependencies)) }, count };
}

const ONLY_REGISTRY = 'only packages of the registry are installed';

export function checkAddress(name: string, address: string, path: string, registries: RegistryHosts | undefined): void {
  const requested = (source: Requested['source']): Requested => ({ name, path, source });
  if (/^git[+:@]|^ssh:/.test(address)) throw refused(requested({ kind: 'git', address }), ONLY_REGISTRY);
  if (address.startsWith('file:')) throw refused(requested({ kind: 'path', address }), ONLY_REGISTRY);
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) throw refused(requested({ kind: 'url', address }), ONLY_REGISTRY);
  if (!/\/-\/[^/]+\.tgz$/.test(url.pathname)) throw refused(requested({ kind: 'url', address }), ONLY_REGISTRY);
  const known = !registries || registries.mirrors?.npm !== undefined || registries.hosts.includes(url.host) || url.host in registries.aliases;
  if (!known) throw refused(requested({ kind: 'registry', address: `${url.protocol}//${url.host}` }), 'the image does not download from there');
}

/** In newer locks `dependencies` are names with ranges, in older ones whole packages. */
function isNames(dependencies: unknown): boolean {
  return Object.values(record(dependencies)).every((value) => typeof value === 'string');
}
