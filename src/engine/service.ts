import type * as sandbox from '../protocol/sandbox';
import type { StateEvent } from '../protocol/events';
import type * as run from '../protocol/run';
import type * as missing from '../protocol/missing';
import type { SbomFormat } from '../protocol/sbom';
import type * as dependencies from '../protocol/dependencies';
import type * as changes from '../protocol/changes';
import type * as runner from '../protocol/runner';
import type * as z from 'zod';

/** What happens during a run or a sync, in order. A returned promise is back-pressure: the next event waits for it. */
export type RunEvent =
  | { event: 'progress'; data: run.Progress }
  | { event: 'notice'; data: run.Notice }
  | { event: 'install'; data: run.InstallOutput }
  | { event: 'started'; data: run.Started }
  | { event: 'output'; stream: 'stdout' | 'stderr'; chunk: Buffer };
export type Emit = (event: RunEvent) => void | Promise<void>;

/**
 * Everything Petri does, as the HTTP room sees it. Inputs are already parsed by the protocol's schemas; every failure is
 * a PetriError. Unknown or deleted ids reject `not-found`.
 */
export interface PetriService {
  status(): Promise<runner.RunnerStatus>;

  createSandbox(request: z.output<typeof sandbox.CreateSandbox>): Promise<{ sandbox: sandbox.Sandbox; created: boolean }>;
  getSandbox(id: string): sandbox.Sandbox;
  listSandboxes(options: { limit: number; offset: number; active: boolean }): sandbox.Sandbox[];
  updateSandbox(id: string, settings: sandbox.SandboxSettings): Promise<sandbox.Sandbox>;
  extendSandbox(id: string, seconds?: number): Promise<sandbox.Sandbox>;
  /** Runs are cancelled, volume and logs go. */
  deleteSandbox(id: string): Promise<void>;
  /** Keeps the row and its settings; the workspace starts again from the host's files. */
  resetSandbox(id: string): Promise<sandbox.Sandbox>;

  /**
   * Resolves when the run is over and recorded; rejects when it never started. Aborting `signal` cancels the run
   * (SIGTERM, then SIGKILL) or leaves the queue.
   */
  exec(sandboxId: string, request: run.ExecParsed, emit: Emit, signal: AbortSignal): Promise<run.Done>;
  /** As exec, at a terminal. Aborting hangs up: SIGHUP and SIGTERM, then SIGKILL. */
  terminal(sandboxId: string, request: run.TerminalParsed, emit: Emit, signal: AbortSignal): Promise<run.Done>;
  sync(sandboxId: string, emit: Emit, signal: AbortSignal): Promise<run.Synced>;
  /** Resolves when the container's stdin took it. */
  writeInput(runId: string, chunk: Uint8Array): Promise<void>;
  /** Nothing happens at a terminal: there the end of input is a key. */
  endInput(runId: string): void;
  /** Rejects conflict for a run without a terminal. After its end nothing happens. */
  resizeTerminal(runId: string, size: run.TerminalSize): Promise<void>;
  cancelRun(runId: string): Promise<run.Run>;
  getRun(runId: string): run.Run;
  listRuns(sandboxId: string, options: { limit: number; offset: number }): run.Run[];
  runLog(runId: string, from?: number): AsyncIterable<{ stream: 'stdout' | 'stderr'; chunk: Buffer }>;
  /**
   * What a run has written from a byte on, then what it writes, as output; resolves with its end. Reads the log, so that a slow
   * reader holds nobody back. Aborting ends the following, not the run.
   */
  followRun(runId: string, from: number, emit: Emit, signal: AbortSignal): Promise<run.Done>;

  changes(sandboxId: string): Promise<changes.Changes>;
  /** The same as it was last known: nothing is looked at, the engine is not called, and it counts as no activity. */
  knownChanges(sandboxId: string): changes.Changes;
  /** The sandbox's version of one workspace file; capped at 64 MiB. */
  readFile(sandboxId: string, path: string): Promise<Buffer>;
  pull(sandboxId: string, paths: string[] | undefined): Promise<changes.Pulled>;
  verify(sandboxId: string, emit: Emit, signal: AbortSignal): Promise<changes.Verified>;

  /** Calls back with the state of things, and then with what changes; see protocol/events.ts. The returned function ends it. */
  watch(listener: (event: StateEvent) => void): () => void;
  /** What there is to install from, what is installed, and how the latest install went. */
  dependencies(sandboxId: string): Promise<dependencies.Dependencies>;
  /** Syncs and installs, even what is there already; null when there is nothing to install. */
  installDependencies(sandboxId: string, emit: Emit, signal: AbortSignal): Promise<dependencies.DependencySet | null>;
  /** Imports of the folder’s sources, as last synced, that nothing serves. */
  missingImports(sandboxId: string): Promise<missing.MissingImport[]>;
  /** What to change in the folder so that a manifest names one package more; nothing is written. */
  addDependency(sandboxId: string, request: missing.AddDependency): Promise<missing.ManifestEdit>;
  /** What was installed where the run ran: a document, the same bytes for the same set and image. */
  sbom(runId: string, format: SbomFormat): Promise<string>;
  installLog(setId: string): AsyncIterable<{ stream: 'stdout' | 'stderr'; chunk: Buffer }>;

  cleanupPreview(): Promise<runner.CleanupItem[]>;
  cleanup(ids: string[]): Promise<z.output<typeof runner.CleanupResult>>;

  /** Ends the reaper and every warm container; with `now`, active runs are cancelled, else waited for. */
  shutdown(mode: 'drain' | 'now'): Promise<void>;
  /** True while a run is active or a sandbox is running: the runner process then stays. */
  readonly busy: boolean;
}
