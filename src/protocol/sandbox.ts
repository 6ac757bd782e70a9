import * as z from 'zod';
import { DependencyPolicy } from './dependencyPolicy';

export const SANDBOX_STATUSES = ['created', 'running', 'stopped', 'error', 'deleted'] as const;
export type SandboxStatus = (typeof SANDBOX_STATUSES)[number];

export const LANGUAGES = ['python', 'node', 'go', 'java'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What one run may use. Bytes, seconds and counts; 0 seconds means no time limit. */
export const Limits = z.object({
  /** Processor cores; capped to what the engine has. */
  cpus: z.number().positive().max(1024),
  memory_bytes: z.int().min(16 * 1024 * 1024),
  pids: z.int().min(16).max(4_194_304),
  /** The whole sandbox volume: workspace, home and caches. */
  disk_bytes: z.int().min(1024 * 1024),
  disk_files: z.int().min(100),
  seconds: z.int().min(0),
  /** What of stdout and stderr together is streamed before the rest is dropped with a visible mark. */
  output_bytes: z.int().min(1024),
});
export type Limits = z.infer<typeof Limits>;

/** What is chosen of the limits; null takes one back to its default. */
export const ChosenLimits = z.object({
  cpus: Limits.shape.cpus.nullable(), memory_bytes: Limits.shape.memory_bytes.nullable(), pids: Limits.shape.pids.nullable(),
  disk_bytes: Limits.shape.disk_bytes.nullable(), disk_files: Limits.shape.disk_files.nullable(), seconds: Limits.shape.seconds.nullable(),
  output_bytes: Limits.shape.output_bytes.nullable(),
} satisfies Record<keyof Limits, z.ZodType>).partial();
export type ChosenLimits = z.infer<typeof ChosenLimits>;

/** What a client may choose about a sandbox's dependencies. null takes a choice back. */
export const DependencySettings = z.object({
  /** Install what is missing before a run. Default: yes, unless the image is the user's own. */
  auto: z.boolean().nullable().optional(),
  /** Which project of a folder that holds several: a manifest's path, relative to the workspace. */
  project: z.string().min(1).max(4096).nullable().optional(),
  /** Groups or extras to install besides, as the manifest names them. */
  groups: z.array(z.string().min(1).max(200)).max(100).nullable().optional(),
  /** Seconds that one install may take; 0 for no limit. */
  seconds: z.int().min(0).nullable().optional(),
  /** What may be installed; the folder's own `.jhansi/policy.json` tightens it. */
  policy: DependencyPolicy.nullable().optional(),
}).strict();
export type DependencySettings = z.infer<typeof DependencySettings>;

/** What a client may choose for a sandbox; also the body of PATCH. */
export const SandboxSettings = z.object({
  /** Overrides the guess from the folder's files. */
  language: z.enum(LANGUAGES).optional(),
  /** Any image with sh, GNU tar, GNU find and coreutils; overrides the language's own. null goes back to it. */
  image: z.string().min(1).max(512).nullable().optional(),
  limits: ChosenLimits.optional(),
  /** Seconds of idleness until the sandbox is stopped. */
  ttl_seconds: z.int().min(1).optional(),
  /** Seconds from stop to deletion. */
  retention_seconds: z.int().min(60).optional(),
  /** Held-back paths (gitignore patterns) that this folder's user lets in. */
  allow: z.array(z.string().min(1).max(4096)).max(1000).optional(),
  dependencies: DependencySettings.optional(),
});
export type SandboxSettings = z.infer<typeof SandboxSettings>;

/** POST /v1/sandboxes. With `folder`, answers the folder's one sandbox (200) or creates it (201). */
export const CreateSandbox = SandboxSettings.extend({
  /** Absolute path on the runner's machine; absent for a sandbox that belongs to an API caller. */
  folder: z.string().min(1).optional(),
  agent: z.string().max(200).optional(),
  created_by: z.string().max(200).default('unknown'),
}).strict();
export type CreateSandbox = z.input<typeof CreateSandbox>;

export const Sandbox = z.object({
  id: z.string().regex(/^sb_[0-9a-f]{32}$/),
  folder: z.string().nullable(),
  language: z.string(),
  /** The image asked for: a setting's, or the language's own. */
  image: z.string(),
  status: z.enum(SANDBOX_STATUSES),
  agent: z.string().nullable(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  last_activity_at: z.iso.datetime(),
  /** When idleness stops it; null while a run is active or it is not running. */
  expires_at: z.iso.datetime().nullable(),
  /** When retention deletes it, once that has been announced; PATCH or extend keeps it. */
  deletes_at: z.iso.datetime().nullable(),
  ttl_seconds: z.int(),
  retention_seconds: z.int(),
  limits: Limits,
  allow: z.array(z.string()),
  dependencies: DependencySettings,
  /** Counts every change to the workspace that the runner knows of. */
  generation: z.int(),
  /** Root hash of the workspace as last known; null before the first sync. */
  receipt: z.string().nullable(),
  active_runs: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Sandbox = z.infer<typeof Sandbox>;

/** POST /v1/sandboxes/{id}/extend: activity now; with seconds, the TTL counts from that much later. */
export const Extend = z.object({ seconds: z.int().min(1).optional() }).strict();
