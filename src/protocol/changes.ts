import * as z from 'zod';

/** One path in which the sandbox's workspace differs from what the host last synced. */
export const Change = z.object({
  path: z.string(),
  kind: z.enum(['created', 'changed', 'deleted']),
  type: z.enum(['file', 'folder', 'symlink']),
  size: z.int(),
  /** Permission bits a pull would leave on the host, and those it has by the last sync; absent on the side that has no such path. */
  mode: z.int().optional(), old_mode: z.int().optional(),
  /** Where a link leads: in the sandbox, and on the host by the last sync. */
  target: z.string().optional(), old_target: z.string().optional(),
  /** False with a reason when it cannot be pulled: a name the host cannot hold, an unreadable file. */
  pullable: z.boolean(), why_not: z.string().optional(),
});
export type Change = z.infer<typeof Change>;
export const Changes = z.object({ receipt: z.string().nullable(), changes: z.array(Change) });
export type Changes = z.infer<typeof Changes>;

/** POST /v1/sandboxes/{id}/pull. Without paths: everything. A folder's path takes what is under it. */
export const Pull = z.object({ paths: z.array(z.string()).optional() }).strict();
export const Pulled = z.object({
  applied: z.array(z.string()),
  /** Left alone, each with its reason: the host's file changed since the last sync, a link in the way, … */
  refused: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export type Pulled = z.infer<typeof Pulled>;

/** GET /v1/sandboxes/{id}/verify: the whole tree hashed on both sides. */
export const Verified = z.object({
  same: z.boolean(), host_root: z.string(), sandbox_root: z.string(), files: z.int(), bytes: z.int(),
  differences: z.array(z.object({ path: z.string(), what: z.string() })),
});
export type Verified = z.infer<typeof Verified>;
