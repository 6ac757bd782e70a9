import semver from 'semver';
import type { ManifestFile } from '../adapter';
import { inFolder } from '../manifestPaths';
import { record, type Json } from './packageJson';

/** The Node of our own image: a project that it suits and that has no packages needs no install. */
const OUR_NODE = '20.19.2';

/** By which version managers know a folder's Node; most telling first. */
export const VERSION_FILES = ['.nvmrc', '.node-version'];

/** The Node that a project asks for, as a range of versions; undefined where any will do, or its words are no version. */
export function wantedNode(root: string, files: ReadonlyMap<string, ManifestFile>, packageJson: Json): string | undefined {
  for (const name of VERSION_FILES) {
    const [, version] = /^\s*v?(\d{1,4}(?:\.\d{1,4}){0,2})\s*$/m.exec(files.get(inFolder(root, name))?.content.toString('utf8').slice(0, 200) ?? '') ?? [];
    // Who names a patch means the line that it belongs to.
    if (version !== undefined) return `^${version}`;
  }
  const { node } = record(packageJson.engines);
  return typeof node === 'string' && node.length <= 200 && semver.validRange(node) !== null ? node : undefined;
}

/** Whether our own image has it. */
export function suitsOurs(range: string | undefined): boolean {
  return range === undefined || semver.satisfies(OUR_NODE, range);
}
