import { PetriError } from '../../engine/errors';
import type { ErrorCode } from '../../protocol/errors';

/** What dockerode and Node's sockets reject with. */
interface Failure { code?: string; statusCode?: number; json?: unknown; message?: string; reason?: string }

/** The engine's answer was a refusal with this HTTP status. undefined: there was no answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as Failure | undefined)?.statusCode;
}

/** The engine's own words, without dockerode's wrapping. */
export function wordsOf(error: unknown): string {
  const { json, message = String(error) } = error as Failure;
  const own = (json as { message?: unknown } | undefined)?.message;
  // Podman quotes back whole options: a sentence is enough for a person, and the rest stays in the cause.
  return (typeof own === 'string' ? own : message.replace(/^\(HTTP code \d+\) .*? - /, '')).trim().slice(0, 500);
}

/**
 * Any failure of a call as a PetriError. `what` completes "Could not …"; `endpoint` is printable. Every mapping is by type:
 * a socket's errno or an HTTP status; words decide only for a full disk, which engines report as a plain 500.
 */
export function toPetriError(error: unknown, what: string, endpoint: string): PetriError {
  if (error instanceof PetriError) return error;
  const failure = error as Failure;
  const status = failure.statusCode;
  if (status !== undefined) {
    const words = wordsOf(error);
    if (isDiskFull(words)) return diskFull(what, error);
    return new PetriError(codeOf(status), `Could not ${what}: ${words}`, { cause: error });
  }
  if (failure.code === 'ENOSPC') return diskFull(what, error);
  // It listened before: gone, not absent.
  const gone = failure.code === 'ENOENT' ? { code: 'ECONNREFUSED' } : error;
  return unreachable(gone, endpoint) ?? new PetriError('engine-failed', `Could not ${what}: the connection to the engine at ${endpoint} was lost.`, {
    action: 'Check that the engine runs, and try again.', cause: error,
  });
}

/** How a failed dial reads, or undefined when the engine had been reached. */
export function unreachable(error: unknown, endpoint: string): PetriError | undefined {
  const cause = error;
  switch ((error as Failure | undefined)?.code) {
    case 'ENOENT':
      return new PetriError('engine-absent', `No container engine listens at ${endpoint}.`, { action: 'Install and start Docker or Podman, or name another engine.', cause });
    case 'ECONNREFUSED':
      return new PetriError('engine-stopped', `The container engine at ${endpoint} is not running.`, { action: startIt(endpoint), cause });
    case 'ENOTFOUND': case 'EAI_AGAIN': case 'EHOSTUNREACH': case 'ENETUNREACH': case 'ETIMEDOUT': case 'ABORT_ERR':
      return new PetriError('engine-stopped', `The container engine at ${endpoint} does not answer.`, {
        action: startIt(endpoint), cause,
        // Only ssh explains itself.
        details: endpoint.startsWith('ssh://') ? [wordsOf(error)] : undefined,
      });
    case 'EACCES': case 'EPERM':
      return new PetriError('engine-forbidden', `You are not allowed to use the container engine at ${endpoint}.`, {
        action: 'Add your user to the socket\'s group (sudo usermod -aG docker $USER), log in again, or run a rootless engine.', cause,
      });
    default:
      return undefined;
  }
}

export function isDiskFull(words: string): boolean {
  return /no space left on device/i.test(words);
}

export function diskFull(what: string, cause: unknown): PetriError {
  return new PetriError('disk-full', `Could not ${what}: the engine's disk is full.`, { action: 'Free space on it, for example with: petri cleanup', cause });
}

function startIt(endpoint: string): string {
  return endpoint.startsWith('ssh://') ? 'Check that ssh reaches the machine and that its engine runs.' : 'Start it (Docker Desktop, or: sudo systemctl start docker), and try again.';
}

function codeOf(status: number): ErrorCode {
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 401 || status === 403) return 'engine-forbidden';
  return 'engine-failed';
}
