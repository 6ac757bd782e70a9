/** What a path is, as far as sync and the receipt are concerned. */
export interface Entry {
  type: 'file' | 'folder' | 'symlink';
  /** 0o777 masked; for symlinks always 0o777. */
  mode: number;
  /** Bytes; for symlinks and folders 0. */
  size: number;
  /** sha256 of the content, hex; for symlinks the target text; for folders ''. `unreadable` when the sandbox cannot read it. */
  content: string;
}

/** A host entry with the key by which an unchanged one is known without reading it (git's index does the same). */
export interface HostSide extends Entry { mtimeMs: number; ctimeMs: number; ino: number;
  /** Hashed so soon after its mtime that a later write may share the mtime: read again next time. */
  racy: boolean }

/** An entry inside the sandbox, with the stat seen by a launcher that no user code shared a container with. */
export interface BoxSide extends Entry {
  /** `<mtime>:<ctime>:<ino>:<size>:<mode>` as find prints them; '' when not seen since it was written. */
  stat: string }

/**
 * One path in the index. `host`: what the host had when it was last synced. `box`: what the workspace holds now.
 * host ≠ box means a run changed it; host only: a run deleted it; box only: a run created it.
 */
export interface IndexEntry { host?: HostSide; box?: BoxSide }
export type Index = Map<string, IndexEntry>;

export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (!a || !b) return a === b;
  return a.type === b.type && a.mode === b.mode && a.size === b.size && a.content === b.content;
}
