import type { HostStat } from '../ports/fileSource';
import { sameEntry, type Entry, type HostSide } from './entry';

/** The content of a new file that a scan left to be read by whoever sends it. Never in an index. */
export const UNREAD = 'unread';

export function isUnread(entry: Entry): boolean {
  return entry.type === 'file' && entry.content === UNREAD;
}

/** Clock ticks of file systems with fine time stamps are 1 to 10 ms apart; twice that is safe. */
const FINE_MS = 20;
/** FAT keeps every other second. */
const COARSE_MS = 2000;

/** The mode that a host entry has inside: the sandbox's user can always read, write and enter what the user sent. */
export function insideMode(host: Entry): number {
  return host.type === 'file' ? host.mode | 0o600 : host.type === 'folder' ? host.mode | 0o700 : 0o777;
}

/** True when the workspace holds exactly what this host entry becomes there. Neither: also true. */
export function sameInside(host: Entry | undefined, box: Entry | undefined): boolean {
  if (!host || !box) return host === box;
  return sameContent(host, box) && insideMode(host) === box.mode;
}

/** As sameInside, but a different mode does not count. */
export function sameContent(a: Entry | undefined, b: Entry | undefined): boolean {
  if (!a || !b) return a === b;
  return a.type === b.type && a.size === b.size && a.content === b.content;
}

/**
 * True when a file or link is unchanged as far as its stat can tell. Not for folders: their times change with their
 * children, only their mode counts.
 */
export function sameKey(side: HostSide, stat: HostStat): boolean {
  return side.mtimeMs === stat.mtimeMs && side.ctimeMs === stat.ctimeMs && side.ino === stat.ino && side.type === stat.type
    && (stat.type === 'symlink' || (side.size === stat.size && side.mode === stat.mode));
}

/** True when nothing at all differs, so that one object may stand for both. */
export function sameSide(a: HostSide, b: HostSide): boolean {
  return sameEntry(a, b) && a.racy === b.racy && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino;
}

/**
 * Git's rule: a file stamped so shortly before it was read that a later write may get the same stamp. The change time
 * decides, since a write always moves it. Whole seconds in both stamps mean a coarse file system. A stamp from the future
 * stays racy until it is past.
 */
export function isRacy(stat: HostStat, readAt: number): boolean {
  const window = stat.mtimeMs % 1000 === 0 && stat.ctimeMs % 1000 === 0 ? COARSE_MS : FINE_MS;
  // Where the change time is missing (0 on FAT under Windows) the other one stands in.
  return readAt - (stat.ctimeMs || stat.mtimeMs) < window;
}

export function fileSide(stat: HostStat, content: string, racy: boolean): HostSide {
  return { type: 'file', mode: stat.mode, size: stat.size, content, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, ino: stat.ino, racy };
}

export function linkSide(stat: HostStat, target: string, racy: boolean): HostSide {
  return { type: 'symlink', mode: 0o777, size: 0, content: target, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, ino: stat.ino, racy };
}

export function folderSide(stat: HostStat): HostSide {
  return { type: 'folder', mode: stat.mode, size: 0, content: '', mtimeMs: 0, ctimeMs: 0, ino: 0, racy: false };
}
