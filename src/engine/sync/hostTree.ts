import type { HostEntry } from '../ports/fileSource';
import type { HostSide } from './entry';
import type { Rules } from './ignoreRules';

/** A path and what there is to say about it, for a person. */
export interface Named { path: string; why: string }

/** What the scanner remembers of one path between scans. */
export interface Child {
  name: string; path: string; type: HostEntry['type'];
  /** Present when it is sent, as last read. */
  side: HostSide | undefined;
  /** Held back by the rules. */
  held: Named | undefined;
  /** Held back for what it may hold: what a look into it has shown, and the stat it had then. */
  looked: { at: HostSide; isPublic: boolean } | undefined;
  /** A collision or a name the workspace cannot hold. */
  refused: Named | undefined;
  /** A link whose target lies outside the folder. */
  leaves: boolean;
  /** Present for folders that are looked into. */
  folder: FolderNode | undefined;
}

export interface FolderNode {
  path: string;
  /** In the order the file system lists them: an unchanged folder matches its last listing step by step. */
  children: Child[];
  rules: FolderRules | undefined;
}

/** The rules for a folder's children, and what they were made from. */
export interface FolderRules { above: Rules; entered: Rules; gitignore: HostSide | undefined; rules: Rules }

export function newFolder(path: string): FolderNode {
  return { path, children: [], rules: undefined };
}

export function newChild(folder: FolderNode, entry: HostEntry): Child {
  const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
  return {
    name: entry.name, path, type: entry.type, side: undefined, held: undefined, looked: undefined, refused: undefined, leaves: false, folder: undefined,
  };
}

/**
 * The remembered children in the order of a fresh listing, new ones added, gone ones dropped. The same array when the
 * names and types are the same.
 */
export function matchChildren(folder: FolderNode, entries: HostEntry[]): Child[] {
  const before = folder.children;
  let index = 0;
  for (; index < entries.length; index++) {
    const child = before[index];
    if (!child || child.name !== entries[index]!.name || child.type !== entries[index]!.type) break;
  }
  if (index === entries.length && index === before.length) return before;
  const byName = new Map(before.map((child) => [child.name, child]));
  return entries.map((entry) => {
    const child = byName.get(entry.name);
    return child?.type === entry.type ? child : newChild(folder, entry);
  });
}

/** Every path that is sent, parents before their children. */
export function* sentEntries(folder: FolderNode): Generator<[string, HostSide]> {
  for (const child of folder.children) {
    if (child.side) yield [child.path, child.side];
    if (child.folder) yield* sentEntries(child.folder);
  }
}
