import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PetriError } from '../../engine/errors';

/** A runner that starts or leaves holds the lock without listening; longer than this it hangs, ms. */
const PATIENCE = 15_000;
const LOOK_EVERY = 50;

/** Takes the life lock; undefined when another process has it. */
export type TakeLock = () => Promise<(() => void) | undefined>;

/**
 * Makes this process the user's one runner: answers what gives the lock back. Undefined when another serves already. The
 * lock decides, not the socket: between finding a dead runner's socket and removing it, a third process may have put a live
 * one in its place. Rejects runner-unreachable when another holds the lock and does not serve.
 */
export async function becomeRunner(socket: string, takeLock: TakeLock, patience = PATIENCE): Promise<(() => void) | undefined> {
  for (const deadline = performance.now() + patience;;) {
    const release = await takeLock();
    if (release && !await isServed(socket)) return release;
    // Served without the lock: an older Petri that knows none.
    release?.();
    if (release || await isServed(socket)) return undefined;
    if (performance.now() > deadline) {
      throw new PetriError('runner-unreachable', 'Another Petri of this user has begun or is about to end, and does not get on.', {
        action: 'End that process; petri logs shows its number.',
      });
    }
    await sleep(LOOK_EVERY);
  }
}

/** Whether somebody listens there. */
function isServed(socket: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    connection.on('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.on('error', (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(error.code ?? '')) resolve(false);
      // A full backlog: somebody is there, and busy.
      else if (error.code === 'EAGAIN') resolve(true);
      else reject(new PetriError('runner-unreachable', `The socket ${socket} cannot be tried: ${error.message}.`, { cause: error }));
    });
  });
}
