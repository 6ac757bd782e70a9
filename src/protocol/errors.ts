import * as z from 'zod';

/** Stable reasons; clients decide by these, never by message text. */
export const ERROR_CODES = [
  'bad-request', 'unauthorized', 'not-found', 'conflict', 'internal',
  'engine-absent', 'engine-stopped', 'engine-forbidden', 'engine-too-old', 'engine-failed',
  'image-missing', 'image-unsuitable', 'image-build-failed',
  'folder-missing', 'folder-unsafe-names', 'folder-changing', 'sync-failed', 'sandbox-lost', 'sandbox-deleted',
  'policy-invalid', 'policy-refused',
  'package-unknown', 'version-conflict', 'version-yanked', 'no-build-for-platform', 'manifest-invalid', 'registry-unreachable',
  'tls-untrusted', 'source-refused', 'hash-mismatch', 'build-failed', 'install-failed', 'install-timed-out',
  'disk-full', 'database-corrupt', 'database-newer', 'runner-version', 'runner-unreachable', 'node-too-old', 'cancelled',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Body of every response that is not 2xx, and of the SSE event `error`. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    /** One sentence for a person: what happened and to what. */
    message: z.string(),
    /** The next step, as a sentence; the UI makes buttons of known codes. */
    action: z.string().optional(),
    /** Paths or fields the error is about, already safe to print. */
    details: z.array(z.string()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
