import type { Done } from '../../../protocol/run';

/** Our own failure, as docker and env have it: the command did not run, or nobody knows how it ended. */
export const OWN_FAILURE = 125;
const TIMED_OUT = 124;
const KILLED = 137;
const TERMINATED = 143;

/**
 * The code that `petri run` ends with: the command's own where it ended by itself, 124 when its time was up (as timeout),
 * 128 + signal when it was killed. A run that was ended for it never reads 0, whatever its main process managed to say.
 */
export function exitCodeOf(done: Pick<Done, 'reason' | 'exit_code'>): number {
  const own = done.exit_code ?? OWN_FAILURE;
  const ownFailure = done.exit_code || undefined;
  switch (done.reason) {
    case 'exited': return own;
    case 'command-not-found': return ownFailure ?? 127;
    case 'not-executable': return ownFailure ?? 126;
    case 'timed-out': return TIMED_OUT;
    case 'cancelled': return ownFailure ?? TERMINATED;
    case 'killed': case 'out-of-memory': case 'disk-full': return ownFailure ?? KILLED;
    default: return OWN_FAILURE;
  }
}
