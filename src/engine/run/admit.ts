import { abortable } from '../async';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';

/** Runs of one sandbox that may be active at once; more wait. Each may use the sandbox's whole limits. */
const MOST_ACTIVE = 8;
const LOOK_AGAIN_MS = 50;

/** Waits for a place and for the workspace. Answers the function that gives the workspace back; the place is given back by the run's end. */
export async function admit(live: LiveSandbox, emit: Emit, signal: AbortSignal): Promise<() => void> {
  if (live.workspaceLock.busy || live.activeRuns.size >= MOST_ACTIVE) {
    void emit({ event: 'progress', data: { stage: 'queue', message: 'Waiting for the sandbox…' } });
  }
  for (;;) {
    const release = await live.workspaceLock.acquire(signal);
    if (live.row.status === 'deleted') {
      release();
      throw new PetriError('sandbox-deleted', 'The sandbox was deleted.', { action: 'Run again; a new one is made.' });
    }
    if (live.activeRuns.size < MOST_ACTIVE) return release;
    release();
    await abortable(new Promise<void>((resolve) => live.deps.clock.after(LOOK_AGAIN_MS, resolve)), signal);
  }
}
