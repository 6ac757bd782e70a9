import { PetriError } from '../../errors';
import type { ManifestFile, Requested } from '../adapter';
import type { RegistryHosts } from '../../gateway/door';
import { foreignRegistry } from './indexes';
import { lockedLine, reach, type Locked } from './graph';
import { normalName } from './normalName';
import { refused } from '../refused';
import { lineOf, readToml, table, tables, text, texts, type Table } from './toml';
import { resolveInside } from '../manifestPaths';

/** What a lock comes to: pinned lines, and the workspace's own packages that are installed as they lie. */
export interface LockedPlan {
  /** One for each that is requested. */
  lines: string[];
  requested: Requested[]; local: string[]; hashed: boolean;
  /** The Pythons that it was made for, as PEP 440 says it. */
  python: string | undefined;
}

/** Of the lock's project: dependency groups and extras. A name that it does not have adds nothing. */
export interface Chosen { groups: readonly string[]; extras: readonly string[] }

/** `root` is the lock's folder. Throws manifest-invalid and source-refused. */
export function readUvLock(file: ManifestFile, root: string, { groups, extras }: Chosen, registries: RegistryHosts | undefined): LockedPlan {
  const lock = readToml(file);
  const packages = tables(lock.package);
  const nodes = new Map<string, Locked>();
  const versions = new Map<string, string[]>();
  const local = new Map<string, string>();
  for (const one of packages) {
    const { name = '', version = '' } = { name: text(one.name), version: text(one.version) };
    const folder = text(table(one.source).editable) ?? text(table(one.source).virtual) ?? text(table(one.source).directory);
    if (folder !== undefined) local.set(name, folder);
    versions.set(name, [...versions.get(name) ?? [], version]);
    const hashes = [...tables(one.wheels), ...(one.sdist === undefined ? [] : [table(one.sdist)])].flatMap((artefact) => sha256(text(artefact.hash)));
    nodes.set(key(name, version), { name, version, hashes, needs: [], install: folder === undefined });
    for (const extra of Object.keys(table(one['optional-dependencies']))) nodes.set(key(name, version, extra), { name, version, hashes, needs: [], install: false });
  }
  const needsOf = (list: unknown): Locked['needs'] => tables(list).flatMap((need) => {
    const name = text(need.name) ?? '';
    const version = text(need.version) ?? versions.get(name)?.[0] ?? '';
    const marker = text(need.marker) ?? '';
    return ['', ...texts(need.extra)].map((extra) => ({ to: key(name, version, extra), marker }));
  });
  for (const one of packages) {
    const [name, version] = [text(one.name) ?? '', text(one.version) ?? ''];
    nodes.get(key(name, version))!.needs = needsOf(one.dependencies);
    for (const [extra, list] of Object.entries(table(one['optional-dependencies']))) nodes.get(key(name, version, extra))!.needs = needsOf(list);
  }
  const own = packages.find((one) => ['.', ''].includes(text(table(one.source).editable) ?? text(table(one.source).virtual) ?? '?')) ?? packages.find((one) => local.has(text(one.name) ?? ''));
  if (!own) throw new PetriError('manifest-invalid', `${file.path} names no project of its own.`, { action: 'Make it anew: uv lock.', details: [file.path] });
  const locked = table(own['dev-dependencies']);
  const roots = [
    { to: key(text(own.name) ?? '', text(own.version) ?? ''), marker: '' },
    ...groups.flatMap((group) => needsOf(locked[normalName(group)])),
    ...extras.map((extra) => ({ to: key(text(own.name) ?? '', text(own.version) ?? '', extra), marker: '' })),
  ];
  const reached = reach(nodes, roots);
  const plan: LockedPlan = { lines: [], requested: [], local: [], hashed: true, python: text(lock['requires-python']) };
  for (const one of packages) {
    const name = text(one.name) ?? '';
    const node = nodes.get(key(name, text(one.version) ?? ''))!;
    const marker = reached.get(key(node.name, node.version));
    if (marker === undefined) continue;
    const place = { path: file.path, line: lineOf(file, `name = "${name}"`) };
    const folder = local.get(name);
    if (folder !== undefined) {
      const inside = resolveInside(root, folder);
      if (inside === undefined) throw refused({ name, ...place, source: { kind: 'path', address: folder } }, 'it lies outside the workspace');
      if (text(table(one.source).virtual) === undefined) plan.local.push(inside);
      continue;
    }
    checkSource(name, table(one.source), place, registries);
    plan.requested.push({ name, version: `==${node.version}`, ...place });
    plan.lines.push(lockedLine(node, marker));
    plan.hashed &&= node.hashes.length > 0;
  }
  return plan;
}

function checkSource(name: string, source: Table, place: { path: string; line: number | undefined }, registries: RegistryHosts | undefined): void {
  const registry = text(source.registry);
  if (registry !== undefined) {
    const foreign = foreignRegistry(registry, registries);
    if (foreign) throw refused({ name, ...place, source: { kind: 'registry', address: registry } }, 'the image does not download from there');
    return;
  }
  const git = text(source.git);
  if (git !== undefined) throw refused({ name, ...place, source: { kind: 'git', address: git } }, 'only packages of the registry are installed');
  const address = text(source.url) ?? text(source.path) ?? 'an unknown source';
  throw refused({ name, ...place, source: { kind: source.url === undefined ? 'path' : 'url', address } }, 'only packages of the registry are installed');
}

export function sha256(hash: string | undefined): string[] {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(hash ?? '')?.[1];
  return hex === undefined ? [] : [hex];
}

function key(name: string, version: string, extra = ''): string {
  return `${name}\0${version}\0${extra}`;
}
