import * as z from 'zod';
import { LANGUAGES } from './sandbox';

export const SET_STATUSES = ['installing', 'ready', 'failed', 'cancelled', 'interrupted', 'removed'] as const;
export type SetStatus = (typeof SET_STATUSES)[number];

/** One install and what came of it. Runs see a `ready` one read-only. */
export const DependencySet = z.object({
  id: z.string().regex(/^dep_[0-9a-f]{32}$/),
  sandbox_id: z.string(),
  language: z.enum(LANGUAGES),
  /** The manifest or lock it was installed from, relative to the workspace; '' when only imports say what is needed. */
  project: z.string(),
  status: z.enum(SET_STATUSES),
  /** null while nobody knows. */
  packages: z.int().nullable(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  error: z.object({ code: z.string(), message: z.string(), action: z.string().optional(), details: z.array(z.string()).optional() }).nullable(),
});
export type DependencySet = z.infer<typeof DependencySet>;

/** GET /v1/sandboxes/{id}/dependencies. */
export const Dependencies = z.object({
  /** Manifests found in the workspace, the one in use first. */
  projects: z.array(z.object({ language: z.enum(LANGUAGES), manifest: z.string(), chosen: z.boolean() })),
  /** What runs see now; null for nothing. */
  current: DependencySet.nullable(),
  /** The latest install, whatever came of it. */
  latest: DependencySet.nullable(),
});
export type Dependencies = z.infer<typeof Dependencies>;
