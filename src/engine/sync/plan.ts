import type { HostSide, Index, IndexEntry } from './entry';
import { Planner } from './planner';

export interface Write { path: string; host: HostSide }
export interface Move { from: string; to: string }
export interface Conflict { path: string; kept: string }

/**
 * What brings the workspace to the host's state, in the order in which it must be done. A later step relies on the earlier
 * ones: a folder is empty when its turn to be deleted comes, a parent is there when its child is written.
 */
export interface SyncPlan {
  /** 1. What runs changed and the host did too: the sandbox's version goes beside. */
  keeps: Move[];
  /** 2. Renamed big files: all aside before step 3, all into place after step 4. `mode` is the one to have there. */
  moves: Array<Move & { mode: number }>;
  /** 3. Files and links, then folders, deepest first. Also what is of another type now and is written again in step 4. */
  deletes: string[];
  deleteFolders: string[];
  /** 4. Folders, files and links, parents first. A folder may be there already: then only its mode counts. */
  writes: Write[];
  /** 5. The mode inside, 0o777 masked. */
  chmods: Array<{ path: string; mode: number }>;

  /** `keeps`, for the user. */
  conflicts: Conflict[];
  /** The index entries once all of it is done; undefined: none left. Holds stat refreshes also when there is nothing to do. */
  after: Map<string, IndexEntry | undefined>;
  /** Nothing to do in the workspace. */
  empty: boolean;
}

/**
 * Three-way, path by path: host now, host at the last sync, workspace. Where the host did not change, what a run did
 * stays; where only the host changed, the host's version goes in; where both did, the host wins and the sandbox's version is
 * kept beside. Costs as much as there are changes, unless a folder vanished from the host.
 * `changed` comes from a scan against the same index; `now` dates the kept names.
 */
export function planSync(index: Index, changed: ReadonlyMap<string, HostSide | undefined>, now: Date): SyncPlan {
  return new Planner(index, changed, now).plan();
}
