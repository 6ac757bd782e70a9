import { normalName } from '../dependencies/python/normalName';
import type { Decision } from '../gateway/door';
import { unescaped } from './goModFile';
import type { Package } from './package';

const NEVER_SEEN = 'The gateway saw no artefact of this package: it came in another way, or calls itself something else.';
const ALTERED = 'Its file is not the one that the gateway saw.';

/**
 * Compares what is installed with what was fetched through the gateway. Warns of packages that were never seen or whose file
 * differs; gives packages whose artefact was thrown away after unpacking its digest.
 */
export function compareWithGateway(packages: readonly Package[], decisions: readonly Decision[]): void {
  const seen = sightings(decisions);
  for (const one of packages) {
    if (one.optional) continue; // only named by another's manifest; nothing of it was fetched
    const digests = seen.get(keyOf(one));
    if (digests === undefined) {
      if (one.version !== '' && one.qualifiers?.vcs_url === undefined) one.warnings.push(NEVER_SEEN);
    } else if (one.artefact) {
      if (digests.size > 0 && !digests.has(one.artefact.sha256)) one.warnings.push(ALTERED);
    } else if (digests.size === 1 && !one.hashes.some(({ algorithm }) => algorithm === 'SHA-256')) {
      one.hashes = [...one.hashes, { algorithm: 'SHA-256', content: [...digests][0]! }];
    }
  }
}

/** Digests by package, of every artefact that came whole. */
function sightings(decisions: readonly Decision[]): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const { allowed, method, path, sha256, status } of decisions) {
    if (!allowed || method !== 'GET' || status !== 200) continue;
    for (const key of keysOf(path)) {
      const digests = seen.get(key) ?? new Set();
      if (sha256) digests.add(sha256);
      seen.set(key, digests);
    }
  }
  return seen;
}

function keyOf({ type, namespace, name, version, qualifiers }: Package): string {
  switch (type) {
    case 'pypi': return `pypi ${normalName(name)} ${normalVersion(version)}`;
    case 'npm': return `npm ${namespace ? `${namespace}/` : ''}${name} ${version}`;
    case 'golang': return `golang ${namespace ? `${namespace}/` : ''}${name} ${version}`;
    default: return `maven ${namespace}:${name}:${qualifiers?.classifier ?? ''} ${version}`;
  }
}

/** What the file at this path may be; by name alone, whatever host it came from. */
function keysOf(path: string): string[] {
  const parts = decoded(path.replace(/[?#].*$/, '')).split('/').filter((part) => part !== '');
  const file = parts.at(-1) ?? '';
  const python = /^([A-Za-z0-9._]+)-([A-Za-z0-9._!+]+)(?:-[^/]*)?\.(?:whl)$/.exec(file) ?? /^(.+)-(\d[^-]*)\.(?:tar\.(?:gz|bz2|xz)|zip|tgz)$/.exec(file);
  const keys = python ? [`pypi ${normalName(python[1]!)} ${normalVersion(python[2]!)}`] : [];
  const dash = parts.lastIndexOf('-');
  if (dash > 0 && file.endsWith('.tgz')) {
    const scope = parts[dash - 2]?.startsWith('@') ? `${parts[dash - 2]}/` : '';
    const name = parts[dash - 1]!;
    if (file.startsWith(`${name}-`)) keys.push(`npm ${scope}${name} ${file.slice(name.length + 1, -'.tgz'.length)}`);
  }
  const at = parts.lastIndexOf('@v');
  if (at > 0 && file.endsWith('.zip')) {
    // The module's path is the last part of the address; whatever a mirror has before it is tried, too.
    const version = unescaped(file.slice(0, -'.zip'.length));
    for (let from = 0; from < at; from += 1) keys.push(`golang ${unescaped(parts.slice(from, at).join('/'))} ${version}`);
  }
  const [version = '', artifact = ''] = [parts.at(-2), parts.at(-3)];
  if (artifact !== '' && file.startsWith(`${artifact}-${version}`)) {
    const classifier = /^(?:-([\w.-]+))?\.(?:jar|war|ear|zip|aar)$/.exec(file.slice(artifact.length + 1 + version.length));
    for (let from = 0; classifier && from < parts.length - 3; from += 1) {
      keys.push(`maven ${parts.slice(from, -3).join('.')}:${artifact}:${classifier[1] ?? ''} ${version}`);
    }
  }
  return keys;
}

/** 1.0 and 1.0.0 are one version to Python's tools; a file's name may have `_` where the metadata has `+` or `-`. */
function normalVersion(version: string): string {
  return version.toLowerCase().replace(/[-_+]/g, '.').replace(/^v/, '').replace(/(\.0)+$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
