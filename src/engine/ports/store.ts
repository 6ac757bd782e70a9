import type { DependencySettings, Limits, Language, SandboxStatus } from '../../protocol/sandbox';
import type { SetStatus } from '../../protocol/dependencies';
import type { MissingImport } from '../../protocol/missing';
import type { FileChanges, RunReason } from '../../protocol/run';
import type { Decision } from '../gateway/door';
import type { IndexEntry } from '../sync/entry';

/** SQLite behind it. Every method is synchronous and one transaction; a failed write throws PetriError and leaves no half state. */
export interface Store {
  /** Made once per database; labels on the engine carry it. */
  readonly installId: string;

  insertSandbox(row: SandboxRow): void;
  getSandbox(id: string): SandboxRow | undefined;
  /** Not the deleted ones. */
  findByFolder(folder: string): SandboxRow | undefined;
  /** Newest first. */
  listSandboxes(options?: { statuses?: SandboxStatus[]; limit?: number; offset?: number }): SandboxRow[];
  updateSandbox(id: string, change: Partial<Omit<SandboxRow, 'id'>>): void;

  /** The intent: written before anything happens on the engine. */
  insertRun(row: RunRow): void;
  updateRun(id: string, change: Partial<Omit<RunRow, 'id' | 'sandboxId'>>): void;
  getRun(id: string): RunRow | undefined;
  listRuns(sandboxId: string, options?: { limit?: number; offset?: number }): RunRow[];
  /** Rows whose status is not finished: what a crash left. */
  openRuns(): RunRow[];

  insertDependencySet(row: DependencySetRow): void;
  updateDependencySet(id: string, change: Partial<Omit<DependencySetRow, 'id' | 'sandboxId'>>): void;
  getDependencySet(id: string): DependencySetRow | undefined;
  /** Newest first. */
  listDependencySets(options: { sandboxId?: string; statuses?: SetStatus[]; limit?: number }): DependencySetRow[];
  /** The set is ready and the sandbox's own, both or neither. */
  switchDependencySet(sandboxId: string, id: string, change: Partial<Omit<DependencySetRow, 'id' | 'sandboxId'>>): void;

  /** Containers about to be created: a crash between intent and reply leaves a row to reconcile by. */
  insertIntent(intent: { name: string; sandboxId: string; createdAt: number }): void;
  removeIntent(name: string): void;
  listIntents(): Array<{ name: string; sandboxId: string; createdAt: number }>;

  loadIndex(sandboxId: string): Map<string, IndexEntry>;
  /**
   * The entries that a sync is about to bring about, kept until the next `saveIndex` or `clearIndex` of the sandbox. Outlives this
   * process at once, a power failure only with the next other write: it is on the way of every edit.
   */
  beginSync(sandboxId: string, intended: ReadonlyMap<string, IndexEntry | undefined>): void;
  /** What was begun and never saved; empty when nothing was. */
  begunSync(sandboxId: string): Map<string, IndexEntry | undefined>;
  /** An undefined value deletes the path. generation and receipt go to the sandbox's row in the same transaction. */
  saveIndex(sandboxId: string, changes: Iterable<[path: string, entry: IndexEntry | undefined]>, state: { generation: number; receipt: string | null }): void;
  clearIndex(sandboxId: string): void;

  close(): void;
}

export interface SandboxRow {
  id: string; folder: string | null;
  language: string; languageChosen: boolean;
  /** null: the language's own image. */
  image: string | null;
  status: SandboxStatus; agent: string | null; createdBy: string;
  /** ms since the epoch. */
  createdAt: number; lastActivityAt: number;
  stoppedAt: number | null; deletesAt: number | null;
  ttlSeconds: number; retentionSeconds: number;
  limits: Partial<Limits>; allow: string[];
  uid: number; volume: string; endpoint: string;
  generation: number; receipt: string | null;
  error: { code: string; message: string } | null;
  dependencies: DependencySettings;
  /** The set that runs see; null for none. */
  dependencySet: string | null;
}

export interface DependencySetRow {
  id: string; sandboxId: string;
  /** Hash of all that decides what is installed: see engine/dependencies/key.ts. */
  key: string;
  volume: string; language: Language;
  /** The project's root and manifest, as the adapter named them. */
  root: string; manifest: string; inputs: string[];
  status: SetStatus; createdAt: number; endedAt: number | null;
  packages: number | null;
  error: { code: string; message: string; action?: string; details?: string[] } | null;
  /** What the gateway decided for it, in order. */
  decisions: Decision[];
  /** The key of the same set once the locks it offered are the user's. */
  lockedKey: string | null;
}

export interface RunRow {
  id: string; sandboxId: string; command: string | string[]; cwd: string; agent: string | null; createdBy: string;
  status: 'running' | 'finished'; reason: RunReason | null; exitCode: number | null;
  receipt: string | null; imageId: string | null; runtime: string | null; container: string | null; limits: Limits;
  startedAt: number; endedAt: number | null; durationMs: number | null;
  stdoutBytes: number; stderrBytes: number; truncated: boolean; files: FileChanges | null;
  dependencySet: string | null;
  /** Imports that nothing served; null until its end. */
  missing: MissingImport[] | null;
}
