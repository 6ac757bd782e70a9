import type { ManifestFile } from '../adapter';
import type { RegistryHosts } from '../../gateway/door';
import { lockedLine, reach, type Locked } from './graph';
import { foreignRegistry } from './indexes';
import { normalName } from './normalName';
import { refused } from '../refused';
import { lineOf, readToml, table, tables, text, texts, type Table } from './toml';
import { sha256, type LockedPlan } from './uvLock';
import { resolveInside } from '../manifestPaths';

/** Poetry's lock with the groups that Poetry itself installs: all but optional ones, and those that are asked for. */
export function readPoetryLock(file: ManifestFile, root: string, pyproject: Table, groups: readonly string[], registries: RegistryHosts | undefined): LockedPlan {
  const lock = readToml(file);
  const packages = tables(lock.package);
  const older = table(table(lock.metadata).files);
  const nodes = new Map<string, Locked>();
  for (const one of packages) {
    const name = normalName(text(one.name) ?? '');
    const files = tables(one.files).length > 0 ? tables(one.files) : tables(older[text(one.name) ?? '']);
    nodes.set(name, { name, version: text(one.version) ?? '', hashes: files.flatMap((artefact) => sha256(text(artefact.hash))), needs: needsOf(one), install: true });
  }
  const wanted = groupsOf(pyproject, groups);
  // Since its version 2.1 a lock says of every package for whom and when it is there; before, that has to be followed up.
  const states = packages.length > 0 && packages.every((one) => Array.isArray(one.groups));
  const reached = states ? stated(packages, wanted) : reach(nodes, rootsOf(pyproject, wanted, groups, nodes));
  const plan: LockedPlan = { lines: [], requested: [], local: [], hashed: true, python: text(table(lock.metadata)['python-versions']) };
  for (const one of packages) {
    const name = normalName(text(one.name) ?? '');
    const marker = reached.get(name);
    if (marker === undefined) continue;
    const place = { path: file.path, line: lineOf(file, `name = "${text(one.name) ?? ''}"`) };
    const source = table(one.source);
    const address = text(source.url) ?? '';
    if (source.type === 'directory') {
      const inside = resolveInside(root, address);
      if (inside === undefined) throw refused({ name, ...place, source: { kind: 'path', address } }, 'it lies outside the workspace');
      plan.local.push(inside);
      continue;
    }
    if (source.type === 'legacy' && foreignRegistry(address, registries)) throw refused({ name, ...place, source: { kind: 'registry', address } }, 'the image does not download from there');
    if (source.type !== undefined && source.type !== 'legacy') {
      throw refused({ name, ...place, source: { kind: source.type === 'git' ? 'git' : source.type === 'file' ? 'path' : 'url', address } }, 'only packages of the registry are installed');
    }
    const node = nodes.get(name)!;
    plan.requested.push({ name, version: `==${node.version}`, ...place });
    plan.lines.push(lockedLine(node, marker));
    plan.hashed &&= node.hashes.length > 0;
  }
  return plan;
}

function stated(packages: Table[], wanted: ReadonlySet<string>): Map<string, string> {
  const reached = new Map<string, string>();
  for (const one of packages) {
    const mine = texts(one.groups).filter((group) => wanted.has(group));
    if (mine.length === 0 || one.optional === true) continue;
    const markers = typeof one.markers === 'string' ? [one.markers] : mine.map((group) => text(table(one.markers)[group]) ?? '');
    const name = normalName(text(one.name) ?? '');
    const alternatives = [...new Set([...(reached.has(name) ? [reached.get(name)!] : []), ...markers])];
    reached.set(name, alternatives.includes('') ? '' : alternatives.map((marker) => `(${marker})`).join(' or '));
  }
  return reached;
}

function needsOf(one: Table): Locked['needs'] {
  return Object.entries(table(one.dependencies)).flatMap(([name, wish]) => {
    const wishes = Array.isArray(wish) ? tables(wish) : [table(wish)];
    return wishes.filter((each) => each.optional !== true).map((each) => ({ to: normalName(name), marker: text(each.markers) ?? '' }));
  });
}

function groupsOf(pyproject: Table, groups: readonly string[]): Set<string> {
  const declared = Object.entries(table(table(table(pyproject.tool).poetry).group)).filter(([, group]) => table(group).optional !== true).map(([name]) => name);
  return new Set(['main', 'dev', ...declared, ...Object.keys(table(pyproject['dependency-groups'])), ...groups]);
}

function rootsOf(pyproject: Table, wanted: ReadonlySet<string>, groups: readonly string[], nodes: ReadonlyMap<string, Locked>): Locked['needs'] {
  const poetry = table(table(pyproject.tool).poetry);
  const declared = [
    table(poetry.dependencies), table(poetry['dev-dependencies']),
    ...Object.entries(table(poetry.group)).filter(([name]) => wanted.has(name)).map(([, group]) => table(table(group).dependencies)),
  ];
  const needs = declared.flatMap((dependencies) => needsOf({ dependencies }));
  const extras = groups.flatMap((group) => texts(table(poetry.extras)[group])).map((name) => ({ to: normalName(name.split(/[ ([<>=]/)[0]!), marker: '' }));
  // Declared elsewhere (PEP 621): everything that nothing else needs is a root.
  if (needs.length > 0) return [...needs, ...extras];
  const needed = new Set([...nodes.values()].flatMap((node) => node.needs.map(({ to }) => to)));
  return [...nodes.keys()].filter((name) => !needed.has(name)).map((to) => ({ to, marker: '' }));
}
