import type { Synced } from '../../protocol/run';
import type { Launcher } from '../container/launcher';
import type { Deps } from '../deps';
import type { SandboxRow } from '../ports/store';
import type { Emit } from '../service';
import { applyPlan } from './applyPlan';
import type { Index, IndexEntry } from './entry';
import { scanInside, type InsideScan } from './insideScan';
import { Tree } from './merkle';

/**
 * What a sandbox's workspace holds, as far as the runner knows: the index, the tree over it whose root is the receipt, and
 * how much of that is in doubt. Callers hold the sandbox's workspace lock.
 */
export class Workspace {
  private index: Index | undefined;
  private tree = new Tree();
  /** none: known. stat: a run, or another runner, may have changed files. content: not even a stat is believed. */
  private doubt: 'none' | 'stat' | 'content' = 'stat';
  private ended: string[] = [];
  private gen: number;

  constructor(private readonly deps: Deps, private readonly row: SandboxRow) {
    this.gen = row.generation;
  }

  get generation(): number {
    return this.gen;
  }

  /** The volume has its folders: some sync has been committed in it. */
  get seeded(): boolean {
    return this.gen > 0;
  }

  get inDoubt(): boolean {
    return this.doubt !== 'none';
  }

  get receipt(): string {
    return this.tree.root();
  }

  /** The volume is gone or new. */
  forget(): void {
    this.index = new Map();
    this.tree = new Tree();
    this.gen = 0;
    this.doubt = 'none';
    this.deps.store.clearIndex(this.row.id);
    this.deps.store.updateSandbox(this.row.id, { generation: 0, receipt: null });
  }

  runEnded(runId: string): void {
    this.ended.push(runId);
    if (this.doubt === 'none') this.doubt = 'stat';
  }

  distrust(): void {
    this.doubt = 'content';
  }

  entries(): Index {
    if (!this.index) {
      this.index = this.deps.store.loadIndex(this.row.id);
      for (const [path, { box }] of this.index) if (box) this.tree.set(path, box);
    }
    return this.index;
  }

  /**
   * Looks through the workspace when something may have changed in it. The runs that ended since the last look get the
   * differences into their records. `shifting`: other runs are active.
   */
  async settle(launcher: Launcher, shifting: boolean, onProgress?: (done: number, total: number) => void): Promise<InsideScan | undefined> {
    const index = this.entries();
    if (this.doubt === 'none') return undefined;
    const scan = await scanInside(launcher, index, { shifting, everything: this.doubt === 'content', onProgress });
    const changes = new Map<string, IndexEntry | undefined>();
    for (const [path, box] of scan.updates) {
      const host = index.get(path)?.host;
      changes.set(path, host || box ? { host, box } : undefined);
    }
    this.record(changes, this.gen);
    const files = { created: scan.created, changed: scan.changed, deleted: scan.deleted, shared: shifting || this.ended.length > 1 };
    for (const runId of this.ended) this.deps.store.updateRun(runId, { files });
    this.ended = [];
    this.doubt = shifting ? 'stat' : 'none';
    return scan;
  }

  /** The index, the tree and the store take the changes together. */
  record(changes: Map<string, IndexEntry | undefined>, generation: number): void {
    const index = this.entries();
    for (const [path, entry] of changes) {
      if (entry) index.set(path, entry);
      else index.delete(path);
      if (entry?.box) this.tree.set(path, entry.box);
      else this.tree.delete(path);
    }
    if (changes.size === 0 && generation === this.gen) return;
    this.gen = generation;
    this.deps.store.saveIndex(this.row.id, changes, { generation, receipt: this.tree.root() });
  }

  /**
   * Brings the workspace to the folder's state, if there is a folder. Afterwards the volume's marker names this generation, and
   * the receipt is the root hash of what a command started now will see.
   */
  async sync(launcher: Launcher, shifting: boolean, emit: Emit, signal?: AbortSignal): Promise<Synced> {
    return applyPlan(this, this.deps, this.row, launcher, shifting, emit, signal);
  }
}
