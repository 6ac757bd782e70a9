import type { ManifestFile } from '../adapter';
import type { RegistryHosts } from '../../gateway/door';
import { lockedLine } from './graph';
import { foreignRegistry } from './indexes';
import { refused } from '../refused';
import { lineOf, readToml, table, tables, text } from './toml';
import type { LockedPlan } from './uvLock';
import { resolveInside } from '../manifestPaths';

/** The standard lock (PEP 751): every package says for itself when it is there. */
export function readPylock(file: ManifestFile, root: string, registries: RegistryHosts | undefined): LockedPlan {
  const plan: LockedPlan = { lines: [], requested: [], local: [], hashed: true };
  for (const one of tables(readToml(file).packages)) {
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
    plan.lines.push(lockedLine({ name, version, hashes }, text(one.marker) ?? ''));
    plan.hashed &&= hashes.length > 0;
  }
  return plan;
}
