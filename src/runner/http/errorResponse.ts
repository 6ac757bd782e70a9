import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { PetriError } from '../../engine/errors';
import type { ErrorCode } from '../../protocol/errors';

const STATUSES: Readonly<Record<ErrorCode, ContentfulStatusCode>> = {
  'bad-request': 400, 'unauthorized': 401, 'not-found': 404, 'sandbox-deleted': 404, 'conflict': 409, 'internal': 500,
  'engine-absent': 503, 'engine-stopped': 503, 'engine-forbidden': 503, 'engine-too-old': 503, 'engine-failed': 503,
  'image-missing': 422, 'image-unsuitable': 422, 'image-build-failed': 422,
  'folder-missing': 422, 'folder-unsafe-names': 422, 'folder-changing': 409, 'sync-failed': 500, 'sandbox-lost': 409,
  'policy-invalid': 422, 'policy-refused': 403,
  'package-unknown': 422, 'version-conflict': 422, 'version-yanked': 422, 'no-build-for-platform': 422, 'manifest-invalid': 422,
  'registry-unreachable': 502, 'tls-untrusted': 502, 'source-refused': 422, 'hash-mismatch': 422, 'build-failed': 422,
  'install-failed': 422, 'install-timed-out': 422,
  'disk-full': 507, 'database-corrupt': 500, 'database-newer': 500,
  'runner-version': 409, 'runner-unreachable': 503, 'node-too-old': 500, 'cancelled': 409,
};

export function statusOf(error: PetriError): ContentfulStatusCode {
  return STATUSES[error.code];
}

/** What a client is told about anything thrown. `log` hears of what nobody expected. */
export function toPetriError(thrown: unknown, log: (line: string) => void): PetriError {
  if (thrown instanceof PetriError && thrown.code !== 'internal') return thrown;
  log(`unexpected: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  if (thrown instanceof PetriError) return thrown;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return new PetriError('internal', `Petri met an error that it did not expect: ${said}.`, { action: 'petri logs shows more.', cause: thrown });
}
