import { sameEntry, type BoxSide, type HostSide, type Index, type IndexEntry } from './entry';
import { isUnread } from './hostSide';
import type { SyncPlan } from './plan';

/** The index entries that a sync is about to bring about, by path; undefined: none is left. */
export type Intended = ReadonlyMap<string, IndexEntry | undefined>;

export const NOTHING_INTENDED: Intended = new Map();

/**
 * Of a plan, what it does in the workspace. The rest of `after` are newer stats of what stays as it is. A new file whose content
 * nobody knows yet has only its path to be recognised by.
 */
export function intendedBy(plan: SyncPlan, index: Index): Intended {
  const intended = new Map<string, IndexEntry | undefined>();
  for (const [path, entry] of plan.after) {
    if (!sameEntry(index.get(path)?.box, entry?.box)) intended.set(path, entry?.host && isUnread(entry.host) ? undefined : entry);
  }
  return intended;
}

/**
 * The entry of a path that a sync was about to touch when it was cut off, by what lies there now: untouched, done, or half
 * done. What is neither as before nor as intended is no run's doing: it counts as sent, under a key that no host file has, so
 * that the next scan compares it with what the host has by then; and what is missing was never there, so that it is sent again.
 */
export function afterCutOff(known: IndexEntry | undefined, intended: IndexEntry | undefined, found: BoxSide | undefined): IndexEntry | undefined {
  if (sameEntry(found, known?.box)) return entryOf(known?.host, found);
  if (sameEntry(found, intended?.box)) return entryOf(intended?.host, found);
  return found && entryOf(asSent(found), found);
}

/** undefined when neither side has the path. */
export function entryOf(host: HostSide | undefined, box: BoxSide | undefined): IndexEntry | undefined {
  return host || box ? { host, box } : undefined;
}

function asSent({ type, mode, size, content }: BoxSide): HostSide {
  return { type, mode, size, content, mtimeMs: 0, ctimeMs: 0, ino: 0, racy: type !== 'folder' };
}
