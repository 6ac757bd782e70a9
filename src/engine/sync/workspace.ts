import type { Notice, Synced } from '../../protocol/run';
import { LauncherFailure, type Launcher } from '../container/launcher';
import type { Deps } from '../deps';
import type { Clock } from '../ports/clock';
import type { FileSource } from '../ports/fileSource';
import type { SandboxRow } from '../ports/store';
import type { Emit } from '../service';
import { applyPlan } from './applyPlan';
import type { Index, IndexEntry } from './entry';
import type { HostScan, HostScanner } from './hostScan';
import { scanInside, type InsideScan } from './insideScan';
import { Tree } from './merkle';
import { afterPacking } from './packDelta';
import { planSync } from './plan';

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
  private readonly told = new Map<string, string>();
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

  /** Root hash of the workspace as it is known. */
  get receipt(): string {
    this.entries();
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
  async sync(launcher: Launcher, folder: { source: FileSource; scanner: HostScanner; allow: string[] } | undefined, shifting: boolean, emit: Emit, signal?: AbortSignal): Promise<Synced> {
    await this.settle(launcher, shifting);
    if (this.seeded && !(await holds(launcher, this.gen))) {
      this.doubt = 'content';
      await emit({ event: 'notice', data: { code: 'resynced', message: 'The workspace was not as it was left; every file in it is checked.' } });
      await this.settle(launcher, shifting, (done, total) => void emit({ event: 'progress', data: { stage: 'verify', message: `Checking files: ${done} of ${total}`, done, total, unit: 'files' } }));
      await launcher.call('begin');
      await launcher.call('commit', [String(this.gen)]);
    }
    if (folder) return this.bring(launcher, folder, emit, signal);
    if (!this.seeded) await this.commit(launcher, new Map());
    return this.synced({ files: 0, bytes: 0 }, 0, 0);
  }

  private async bring(launcher: Launcher, { source, scanner, allow }: { source: FileSource; scanner: HostScanner; allow: string[] }, emit: Emit, signal?: AbortSignal): Promise<Synced> {
    const { clock } = this.deps;
    const onProgress = slowly(clock, ({ files }: { files: number }) => void emit({ event: 'progress', data: { stage: 'scan', message: `Looking at files: ${files}`, done: files, unit: 'files' } }));
    const scan = await scanner.scan(this.entries(), { allow, now: () => clock.now(), onProgress, signal });
    this.say(scan, emit);
    const plan = planSync(this.entries(), scan.changed, new Date(clock.now()));
    if (plan.empty && this.seeded) {
      this.record(plan.after, this.gen);
      return this.synced({ files: 0, bytes: 0 }, 0, scan.files);
    }
    let report;
    try {
      report = await applyPlan(launcher, source, plan, this.gen + 1, emit, signal);
    } catch (error) {
      this.doubt = 'content';
      throw error;
    }
    const odd = [...report.unstable, ...report.vanished];
    if (odd.length > 0) await emit({ event: 'notice', data: { code: 'skipped', message: 'Changed or went away while it was sent; the next sync sends it again.', paths: odd } });
    for (const { path, kept } of plan.conflicts) {
      await emit({ event: 'notice', data: { code: 'conflict', message: `A run and the folder both changed ${path}; the folder's version is used, the sandbox's is kept as ${kept}.`, paths: [path, kept] } });
    }
    this.record(afterPacking(plan, this.entries(), report), this.gen + 1);
    return this.synced({ files: report.sent.length, bytes: report.bytes }, plan.deletes.length + plan.deleteFolders.length, scan.files);
  }

  private async commit(launcher: Launcher, changes: Map<string, IndexEntry | undefined>): Promise<void> {
    await launcher.call('begin');
    await launcher.call('commit', [String(this.gen + 1)]);
    this.record(changes, this.gen + 1);
  }

  private synced(sent: { files: number; bytes: number }, deleted: number, total: number): Synced {
    return { receipt: this.receipt, generation: this.gen, sent_files: sent.files, sent_bytes: sent.bytes, deleted_files: deleted, total_files: total };
  }

  /** Once for each set of paths, so that what the user knows already is not repeated at every run. */
  private say(scan: HostScan, emit: Emit): void {
    const tell = (code: Notice['code'], message: string, named: Array<{ path: string; why: string }>) => {
      const key = named.map(({ path, why }) => `${path}\0${why}`).join('\0');
      if (key === (this.told.get(message) ?? '')) return;
      this.told.set(message, key);
      if (named.length > 0) void emit({ event: 'notice', data: { code, message, paths: named.map(({ path, why }) => `${path} (${why})`) } });
    };
    tell('held-back', 'Held back, not sent to the sandbox; allow a path to send it.', scan.heldBack);
    tell('skipped', 'Could not be sent.', scan.skipped);
    tell('skipped', 'Refused: these names cannot stand side by side or at all.', scan.refused);
  }
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

/** Reading one line. Longer than this and something that never ends lies in its place. */
const MARKER_MS = 10_000;
const TELL_AFTER_MS = 1000;
const TELL_EVERY_MS = 250;

/** Calls on after a second, and then not too often: progress is for what takes long. */
function slowly<T>(clock: Clock, tell: (value: T) => void): (value: T) => void {
  let next = clock.monotonic() + TELL_AFTER_MS;
  return (value) => {
    if (clock.monotonic() < next) return;
    next = clock.monotonic() + TELL_EVERY_MS;
    tell(value);
  };
}
