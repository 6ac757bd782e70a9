import type { Change } from '../../protocol/changes';
import type { FileSource } from '../ports/fileSource';
import type { Entry, Index, IndexEntry } from './entry';
import { insideMode, sameContent, sameInside } from './hostSide';
import { isGitData } from './hostConfig';
import { linkLeaves } from './links';
import { whyNotOnHost } from './names';

export type Platform = FileSource['platform'];

/** What runs made of the workspace, by path: where it differs from what the host last synced. */
export function listChanges(index: Index, platform: Platform = 'linux'): Change[] {
  const changes: Change[] = [];
  for (const [path, entry] of index) {
    if (sameInside(entry.host, entry.box)) continue;
    const change = toChange(path, entry, platform);
    if (change) changes.push(change);
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function toChange(path: string, { host, box }: IndexEntry, platform: Platform): Change | undefined {
  // Windows has no mode bits: a chmod inside is nothing that could be brought back.
  if (platform === 'win32' && host && box && sameContent(host, box)) return undefined;
  const now = (box ?? host)!;
  const whyNot = whyNotPullable(path, box, platform);
  return {
    path, kind: !host ? 'created' : !box ? 'deleted' : 'changed', type: now.type, size: now.size,
    ...(box && { mode: modeOnHost({ host, box }) }), ...(host && { old_mode: host.mode }),
    ...(box?.type === 'symlink' && { target: box.content }), ...(host?.type === 'symlink' && { old_target: host.content }),
    pullable: whyNot === undefined, ...(whyNot !== undefined && { why_not: whyNot }),
  };
}

/** Why the sandbox's version of a path can never be on this host, whatever the host has now; undefined when it can. */
export function whyNotPullable(path: string, box: Entry | undefined, platform: Platform): string | undefined {
  for (const name of path.split('/')) {
    const bad = whyNotOnHost(name, platform);
    if (bad) return bad;
  }
  if (isGitData(path)) return "git's own folder is never written to";
  if (box?.content === 'unreadable') return 'the sandbox itself cannot read it';
  if (box?.type === 'symlink' && isGitData(box.content)) return `the link leads into git's own folder: ${box.content}`;
  if (box?.type === 'symlink' && linkLeaves(path, box.content)) return `the link leaves the folder: ${box.content}`;
  return undefined;
}

/** The mode for the host: its own one if the run left it alone, for the workspace's is wider. */
export function modeOnHost({ host, box }: IndexEntry): number {
  return host && host.type === box!.type && insideMode(host) === box!.mode ? host.mode : box!.mode;
}
