import * as z from 'zod';
import { MissingImport } from './missing';
import { Limits } from './sandbox';

/**
 * Why a run is over. `interrupted`: the runner died while it ran. `unknown`: the engine lost it.
 * Neither is ever reported as a success.
 */
export const RUN_REASONS = [
  'exited', 'command-not-found', 'not-executable', 'killed', 'cancelled', 'timed-out', 'out-of-memory', 'disk-full',
  'interrupted', 'unknown', 'failed-to-start',
] as const;
export type RunReason = (typeof RUN_REASONS)[number];

/** Files under the workspace, relative, slash-separated. A run's own changes, found by a container that ran no user code. */
export const FileChanges = z.object({
  created: z.array(z.string()), changed: z.array(z.string()), deleted: z.array(z.string()),
  /** True when other runs were active in the same time, so that a change may be theirs. */
  shared: z.boolean(),
});
export type FileChanges = z.infer<typeof FileChanges>;

export const Run = z.object({
  id: z.string().regex(/^run_[0-9a-f]{32}$/),
  sandbox_id: z.string(),
  command: z.union([z.string(), z.array(z.string())]),
  cwd: z.string(),
  agent: z.string().nullable(),
  created_by: z.string(),
  status: z.enum(['running', 'finished']),
  reason: z.enum(RUN_REASONS).nullable(),
  exit_code: z.int().nullable(),
  /** Root hash of the workspace the command saw. */
  receipt: z.string().nullable(),
  image_id: z.string().nullable(),
  /** The runtime the engine ran it with, e.g. runc or runsc. */
  runtime: z.string().nullable(),
  limits: Limits,
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  duration_ms: z.number().nullable(),
  stdout_bytes: z.int(),
  stderr_bytes: z.int(),
  /** Output past a limit was dropped. */
  truncated: z.boolean(),
  /** The dependency set it ran with; null for none. */
  dependency_set: z.string().nullable(),
  /** Where its bill of materials is: GET this path. null when it never started. */
  sbom: z.string().nullable(),
  /** Imports that nothing served; null until its end. */
  missing: z.array(MissingImport).nullable(),
  /** null until the workspace was looked through after the run. */
  files: FileChanges.nullable(),
});
export type Run = z.infer<typeof Run>;

/** POST /v1/sandboxes/{id}/exec. */
export const Exec = z.object({
  /** A string goes to `sh -c`; an array is an argv, run as it is. */
  command: z.union([z.string().min(1), z.array(z.string()).min(1)]),
  /** Folder inside the workspace, relative. */
  cwd: z.string().default(''),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  /** True when the client will send stdin by POST /v1/runs/{id}/stdin; otherwise it is empty. */
  stdin: z.boolean().default(false),
  /** What happens to the run when the client's connection ends. `continue-once-started`: what has not started by then is given up. */
  on_disconnect: z.enum(['cancel', 'continue', 'continue-once-started']).default('cancel'),
  limits: Limits.partial().optional(),
  agent: z.string().max(200).optional(),
  created_by: z.string().max(200).default('unknown'),
}).strict();
export type Exec = z.input<typeof Exec>;
export type ExecParsed = z.output<typeof Exec>;

/** Columns and rows of a terminal; also the body of POST /v1/runs/{id}/resize. */
export const TerminalSize = z.object({ columns: z.int().min(1).max(10_000), rows: z.int().min(1).max(10_000) }).strict();
export type TerminalSize = z.infer<typeof TerminalSize>;

/**
 * POST /v1/sandboxes/{id}/terminal: a run at a terminal of its own. Its bytes arrive as `output` of stdout, what is typed goes to
 * POST /v1/runs/{id}/stdin. It has no time limit unless one is asked for.
 */
export const Terminal = Exec.omit({ stdin: true }).extend({
  /** Without: the image's bash, or sh where there is none. */
  command: Exec.shape.command.optional(),
  ...TerminalSize.shape,
}).strict();
export type Terminal = z.input<typeof Terminal>;
export type TerminalParsed = z.output<typeof Terminal>;

/**
 * Query of GET /v1/runs/{id}/log and of GET /v1/runs/{id}/events: from which byte of stdout and stderr together, in the order they
 * came, or how many bytes before what is there now.
 */
export const LogRange = z.object({ from: z.coerce.number().int().default(0) });

/** SSE events of exec, of terminal and of sync, or frames for whoever asks for them: frames.ts. One of `done` and `error` always ends the stream. */
export const Progress = z.object({
  stage: z.enum(['queue', 'engine', 'image', 'sandbox', 'scan', 'sync', 'dependencies', 'start', 'verify']),
  message: z.string(),
  done: z.number().optional(), total: z.number().optional(), unit: z.enum(['files', 'bytes', 'steps', 'packages']).optional(),
});
export type Progress = z.infer<typeof Progress>;

export const Notice = z.object({
  code: z.enum(['held-back', 'skipped', 'conflict', 'resynced', 'weaker-isolation', 'limit', 'dependencies']),
  message: z.string(),
  paths: z.array(z.string()).optional(),
  /** The same paths with their reasons apart, where each has one. `secret`: held back for what its name says, not by a .gitignore. */
  items: z.array(z.object({ path: z.string(), why: z.string(), secret: z.boolean() })).optional(),
});
export type Notice = z.infer<typeof Notice>;

export const Synced = z.object({
  receipt: z.string(), generation: z.int(),
  sent_files: z.int(), sent_bytes: z.int(), deleted_files: z.int(), total_files: z.int(),
});
export type Synced = z.infer<typeof Synced>;

export const Started = Synced.extend({ run_id: z.string(), warm: z.boolean() });
export type Started = z.infer<typeof Started>;

/** What an install says while it works: never part of a program's output. */
export const InstallOutput = z.object({ dependency_set: z.string(), text: z.string() });
export type InstallOutput = z.infer<typeof InstallOutput>;

/** Bytes of the program: as text where they are valid UTF-8, else base64. Exactly one of the two. */
export const Output = z.object({ stream: z.enum(['stdout', 'stderr']), text: z.string().optional(), base64: z.string().optional() });
export type Output = z.infer<typeof Output>;

export const Done = z.object({
  run_id: z.string(), exit_code: z.int().nullable(), reason: z.enum(RUN_REASONS), duration_ms: z.number(),
  stdout_bytes: z.int(), stderr_bytes: z.int(), truncated: z.boolean(),
  /** A sentence when the run did not simply exit; null otherwise. */
  error: z.string().nullable(),
  /** Imports that nothing served. */
  missing: z.array(MissingImport),
});
export type Done = z.infer<typeof Done>;
