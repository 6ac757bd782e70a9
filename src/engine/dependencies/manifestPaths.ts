import type { Index } from '../sync/entry';

/** Which side of the index decides what is installed: the user's folder, so that no run can; without a folder, the workspace. */
export type ManifestSide = 'host' | 'box';

/** Regular files of that side, by path. */
export function* filePaths(index: Index, side: ManifestSide): Generator<string> {
  for (const [path, entry] of index) if (entry[side]?.type === 'file') yield path;
}

/** Folders that hold other people's packages, or copies made by tools: no manifest in them is the user's. */
const FOREIGN = new Set(['node_modules', 'site-packages', 'venv', 'vendor', 'bower_components', 'jspm_packages', '__pycache__', '__pypackages__', 'testdata']);

export function isForeign(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return folders.some((name) => FOREIGN.has(name) || (name.startsWith('.') && name.length > 1));
}

/** '' for a file at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A path that a manifest in `folder` names, relative to the workspace; undefined for what lies outside it. */
export function resolveInside(folder: string, path: string): string | undefined {
  if (/^([/\\~]|[A-Za-z]:|[a-z]+:\/\/)/.test(path)) return undefined;
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.reduce((sum, part) => inFolder(sum, part), '');
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Outermost first, then by name: the same answer for the same files. */
export function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || (a < b ? -1 : 1);
}
