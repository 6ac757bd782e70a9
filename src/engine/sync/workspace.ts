import type { Synced } from '../../protocol/run';
import { LauncherFailure, type Launcher } from '../container/launcher';
import type { Deps } from '../deps';
import type { FileSource } from '../ports/fileSource';
import type { SandboxRow } from '../ports/store';
import type { Emit } from '../service';
import { applyPlan } from './applyPlan';
import type { Index, IndexEntry } from './entry';
import { afterCutOff, entryOf, intendedBy, NOTHING_INTENDED } from './halfDone';
import type { HostScanner } from './hostScan';
import { scanInside } from './insideScan';
import { Tree } from './merkle';
import { afterPacking, type PackReport } from './packDelta';
import { planSync, type SyncPlan } from './plan';
import { SyncNotices, progressTeller, tellOutcome, tellResynced } from './syncNotices';

/** A folder of the user's, and what is let in of it. */
export interface SyncedFolder { source: FileSource; scanner: HostScanner; allow: string[] }

/**
 * What a sandbox's workspace holds, as far as the runner knows: the index, the tree over it whose root is the receipt, and
 * how much of that is in doubt. Callers hold the sandbox's workspace lock.
 */
export class Workspace {
  private index: Index | undefined;
  private tree = new Tree();
  /** none: known. stat: a run, or another runner, may have changed files. content: not even a stat is believed. */
  private doubt: 'none' | 'stat' | 'content' = 'stat';
  /** What a sync was about to do that is not recorded as done. */
  private halfDone = NOTHING_INTENDED;
  private ended: string[] = [];
  private readonly notices = new SyncNotices();
  private gen: number;
  private shapes = 0;

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

  /** Another number whenever a path came or went on either side: what was found by names alone still holds while it is the same. */
  get shape(): number {
    return this.shapes;
  }

  /** Root hash of the workspace as it is known. */
  get receipt(): string {
    this.entries();
    return this.tree.root();
  }

  /** The volume is gone or new. */
  forget(): void {
    this.deps.store.clearIndex(this.row.id);
    this.deps.store.updateSandbox(this.row.id, { generation: 0, receipt: null });
    this.index = new Map();
    this.shapes += 1;
    this.tree = new Tree();
    this.gen = 0;
    this.doubt = 'none';
    this.halfDone = NOTHING_INTENDED;
  }

  runEnded(runId: string): void {
    this.ended.push(runId);
    if (this.doubt === 'none') this.doubt = 'stat';
  }

  /** Something of ours was written there. */
  touched(): void {
    if (this.doubt === 'none') this.doubt = 'stat';
  }

  distrust(): void {
    this.doubt = 'content';
  }

  entries(): Index {
    if (!this.index) {
      this.index = this.deps.store.loadIndex(this.row.id);
      if (this.halfDone.size === 0) this.halfDone = this.deps.store.begunSync(this.row.id);
      for (const [path, { box }] of this.index) if (box) this.tree.set(path, box);
    }
    return this.index;
  }

  /**
   * Looks through the workspace when something may have changed in it. The runs that ended since the last look get the
   * differences into their records. `shifting`: other runs are active.
   */
  async settle(launcher: Launcher, shifting: boolean, onProgress?: (done: number, total: number) => void): Promise<void> {
    const index = this.entries();
    if (this.doubt === 'none') return;
    const scan = await scanInside(launcher, index, { shifting, everything: this.doubt === 'content', onProgress });
    const { halfDone } = this;
    const changes = new Map<string, IndexEntry | undefined>();
    for (const [path, box] of scan.updates) {
      const known = index.get(path);
      changes.set(path, halfDone.has(path) ? afterCutOff(known, halfDone.get(path), box) : entryOf(known?.host, box));
    }
    this.record(changes, this.gen);
    const byRuns = (paths: string[]) => paths.filter((path) => !halfDone.has(path));
    const files = {
      created: byRuns(scan.created), changed: byRuns(scan.changed), deleted: byRuns(scan.deleted), shared: shifting || this.ended.length > 1,
    };
    for (const runId of this.ended) {
      this.deps.store.updateRun(runId, { files });
      this.deps.news.tell({ kind: 'run', id: runId });
    }
    this.ended = [];
    this.doubt = shifting ? 'stat' : 'none';
  }

  /** The index, the tree and the store take the changes together, and nothing is half done any more. */
  record(changes: Map<string, IndexEntry | undefined>, generation: number): void {
    if (changes.size === 0 && generation === this.gen && this.halfDone.size === 0) return;
    this.take(changes);
    this.save(changes, generation);
  }

  private take(changes: Map<string, IndexEntry | undefined>): void {
    const index = this.entries();
    for (const [path, entry] of changes) {
      if (!sameSides(index.get(path), entry)) this.shapes += 1;
      if (entry) index.set(path, entry);
      else index.delete(path);
      if (entry?.box) this.tree.set(path, entry.box);
      else this.tree.delete(path);
    }
  }

  private save(changes: Map<string, IndexEntry | undefined>, generation: number): void {
    try {
      this.deps.store.saveIndex(this.row.id, changes, { generation, receipt: this.tree.root() });
    } catch (error) {
      this.takeBack();
      throw error;
    }
    this.gen = generation;
    this.halfDone = NOTHING_INTENDED;
    this.deps.news.tell({ kind: 'sandbox', id: this.row.id });
  }

  /** Memory must not run ahead of the disk: what is known is what can be read there again. */
  private takeBack(): void {
    this.index = undefined;
    this.tree = new Tree();
    this.doubt = 'content';
  }

  /**
   * Brings the workspace to the folder's state, if there is a folder. Afterwards the volume's marker names this generation, and
   * the receipt is the root hash of what a command started now will see.
   */
  async sync(launcher: Launcher, folder: SyncedFolder | undefined, shifting: boolean, emit: Emit, signal?: AbortSignal): Promise<Synced> {
    await this.settle(launcher, shifting);
    if (this.seeded && !(await holds(launcher, this.gen))) await this.resync(launcher, shifting, emit);
    if (folder) return this.bring(launcher, folder, emit, signal);
    if (!this.seeded) {
      await mark(launcher, this.gen + 1);
      this.record(new Map(), this.gen + 1);
    }
    return this.synced({ files: 0, bytes: 0 }, 0, 0);
  }

  /** Something has touched the workspace behind the index's back: all of it is read before anything builds on it. */
  private async resync(launcher: Launcher, shifting: boolean, emit: Emit): Promise<void> {
    this.doubt = 'content';
    await tellResynced(emit);
    await this.settle(launcher, shifting, progressTeller(this.deps.clock, 'verify', 'Checking files', emit));
    await mark(launcher, this.gen);
  }

  private async bring(launcher: Launcher, { source, scanner, allow }: SyncedFolder, emit: Emit, signal?: AbortSignal): Promise<Synced> {
    const { clock } = this.deps;
    const tell = progressTeller(clock, 'scan', 'Looking at files', emit);
    const scan = await scanner.scan(this.entries(), { allow, leaveNew: true, now: () => clock.now(), onProgress: ({ files }) => tell(files), signal });
    this.notices.scanned(scan, emit);
    const plan = planSync(this.entries(), scan.changed, new Date(clock.now()));
    if (plan.empty && this.seeded) {
      this.record(plan.after, this.gen);
      return this.synced({ files: 0, bytes: 0 }, 0, scan.files);
    }
    const report = await this.apply(plan, launcher, source, emit, signal);
    await tellOutcome(report, plan.conflicts, emit);
    return this.synced({ files: report.sent.length, bytes: report.bytes }, plan.deletes.length + plan.deleteFolders.length, scan.files);
  }

  /** Does it and records it. A crash or a failure in between leaves the intent, which the next look at the workspace goes by. */
  private async apply(plan: SyncPlan, launcher: Launcher, source: FileSource, emit: Emit, signal?: AbortSignal): Promise<PackReport> {
    const intended = intendedBy(plan, this.entries());
    // A first sync that is cut off by a crash starts again with a volume of its own.
    if (this.seeded) this.deps.store.beginSync(this.row.id, intended);
    this.halfDone = intended;
    let changes = plan.after;
    // What would be left to do at the end is done while the last files are on their way.
    const onSent = (report: PackReport) => {
      changes = afterPacking(plan, this.entries(), report);
      this.take(changes);
      this.tree.root();
    };
    try {
      const report = await applyPlan(launcher, source, plan, this.gen + 1, { emit, signal, onSent });
      this.save(changes, this.gen + 1);
      return report;
    } catch (error) {
      this.takeBack();
      throw error;
    }
  }

  private synced(sent: { files: number; bytes: number }, deleted: number, total: number): Synced {
    return { receipt: this.receipt, generation: this.gen, sent_files: sent.files, sent_bytes: sent.bytes, deleted_files: deleted, total_files: total };
  }
}

/** Reading one line. Longer than this and something that never ends lies in its place. */
const MARKER_MS = 10_000;

/** The same sides are there, of the same type. */
function sameSides(a: IndexEntry | undefined, b: IndexEntry | undefined): boolean {
  return a?.host?.type === b?.host?.type && a?.box?.type === b?.box?.type;
}

async function holds(launcher: Launcher, generation: number): Promise<boolean> {
  try {
    await launcher.call('at', [String(generation)], undefined, { timeoutMs: MARKER_MS });
    return true;
  } catch (error) {
    if (error instanceof LauncherFailure) return false;
    throw error;
  }
}

/** The marker of a workspace in which nothing has to be changed for it. */
async function mark(launcher: Launcher, generation: number): Promise<void> {
  await launcher.call('begin');
  await launcher.call('commit', [String(generation)]);
}
