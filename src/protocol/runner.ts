import * as z from 'zod';

/** What the engine is and what of the hardening it cannot give. */
export const EngineStatus = z.object({
  endpoint: z.string(), name: z.string(), version: z.string(), api_version: z.string(),
  runtime: z.string(), rootless: z.boolean(), cpus: z.int(), memory_bytes: z.int(),
  /** Sentences; empty when every requirement of the container table is met. */
  weaker: z.array(z.string()),
});
export type EngineStatus = z.infer<typeof EngineStatus>;

/** GET /v1/runner: the handshake, and what `petri status` shows. */
export const RunnerStatus = z.object({
  version: z.string(), protocol: z.int(), pid: z.int(), started_at: z.iso.datetime(),
  draining: z.boolean(), leases: z.int(), active_runs: z.int(), sandboxes: z.int(),
  engine: EngineStatus.nullable(),
  engine_error: z.object({ code: z.string(), message: z.string(), action: z.string().optional() }).nullable(),
});
export type RunnerStatus = z.infer<typeof RunnerStatus>;

/** POST /v1/runner/stop. drain: active runs end first; now: they are cancelled. */
export const StopRunner = z.object({ mode: z.enum(['drain', 'now']).default('drain') }).strict();

/** One thing `petri cleanup` could remove. Only our own are ever listed. */
export const CleanupItem = z.object({
  id: z.string(), kind: z.enum(['sandbox', 'volume', 'image', 'log']), name: z.string(),
  why: z.string(), bytes: z.number().nullable(),
});
export type CleanupItem = z.infer<typeof CleanupItem>;
export const Cleanup = z.object({ items: z.array(CleanupItem) });
export const CleanupRequest = z.object({ ids: z.array(z.string()) }).strict();
export const CleanupResult = z.object({ removed: z.array(z.string()), failed: z.array(z.object({ id: z.string(), reason: z.string() })) });
