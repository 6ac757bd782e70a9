import type { ManifestFile } from '../adapter';
import type { RegistryHosts } from '../../gateway/door';
import { lockedLine } from './graph';
import { foreignRegistry } from './indexes';
import { invalid } from './requirements';
import { refused } from '../refused';
import { lineOf, readToml, table, tables, text, texts, type Table } from './toml';
import type { LockedPlan } from './uvLock';
import { resolveInside } from '../manifestPaths';

/** The groups that those who make such locks install unless they are told otherwise. */
const ALWAYS = ['dev'];
const [HOLDS, NEVER] = ['python_version >= "0"', 'python_version < "0"'];

/** The standard lock (PEP 751): every package says for itself when it is there. `groups`: dependency groups and extras wanted besides its own defaults. */
export function readPylock(file: ManifestFile, root: string, groups: readonly string[], registries: RegistryHosts | undefined): LockedPlan {
  const lock = readToml(file);
  const made = text(lock['lock-version']);
  if (made !== undefined && !/^1(\.|$)/.test(made)) throw invalid(file.path, lineOf(file, 'lock-version') ?? 1, `a lock of version ${made} cannot be read, only one of version 1`);
  const settle = settling(lock, groups);
  const plan: LockedPlan = { lines: [], requested: [], local: [], hashed: true, python: text(lock['requires-python']) };
  for (const one of tables(lock.packages)) {
    const marker = settle(text(one.marker) ?? '');
    if (marker === NEVER) continue;
    const name = text(one.name) ?? '';
    const place = { path: file.path, line: lineOf(file, `name = "${name}"`) };
    const directory = text(table(one.directory).path);
    if (directory !== undefined) {
      const inside = resolveInside(root, directory);
      if (inside === undefined) throw refused({ name, ...place, source: { kind: 'path', address: directory } }, 'it lies outside the workspace');
      plan.local.push(inside);
      continue;
    }
    const elsewhere = text(table(one.vcs).url) ?? text(table(one.archive).url) ?? text(table(one.archive).path);
    if (elsewhere !== undefined) {
      throw refused({ name, ...place, source: { kind: one.vcs === undefined ? 'url' : 'git', address: elsewhere } }, 'only packages of the registry are installed');
    }
    const index = text(one.index);
    if (index !== undefined && foreignRegistry(index, registries)) throw refused({ name, ...place, source: { kind: 'registry', address: index } }, 'the image does not download from there');
    const artefacts = [...tables(one.wheels), ...(one.sdist === undefined ? [] : [table(one.sdist)])];
    const hashes = artefacts.flatMap((artefact) => text(table(artefact.hashes).sha256) ?? []).filter((hash) => /^[0-9a-f]{64}$/.test(hash));
    const version = text(one.version) ?? '';
    plan.requested.push({ name, version: `==${version}`, ...place });
    plan.lines.push(lockedLine({ name, version, hashes }, marker === HOLDS ? '' : marker));
    plan.hashed &&= hashes.length > 0;
  }
  return plan;
}

/** Markers of a lock may ask which groups and extras are wanted, which pip's own cannot: those parts are answered here. */
function settling(lock: Table, groups: readonly string[]): (marker: string) => string {
  const wanted: Record<string, Set<string>> = {
    dependency_groups: new Set([...texts(lock['default-groups']), ...ALWAYS, ...groups]), extras: new Set(groups),
  };
  return (marker) => {
    const settled = marker.replace(/(["'])([^"']*)\1\s+(not\s+)?in\s+(dependency_groups|extras)\b/g, (_whole, _quote, name: string, not: string | undefined, of: string) => (
      wanted[of]!.has(name) === (not === undefined) ? HOLDS : NEVER));
    // What PDM writes, and nearly all there is: groups alone. With parentheses it is pip's to work out.
    const parts = settled.includes('(') ? [settled] : settled.split(' or ');
    return parts.includes(HOLDS) ? HOLDS : parts.every((part) => part === NEVER) ? NEVER : settled;
  };
}
