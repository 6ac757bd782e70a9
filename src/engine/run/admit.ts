import { abortable } from '../async';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import type { ActiveRun } from './activeRun';

/** Runs of one sandbox that may be active at once; more wait. Each may use the sandbox's whole limits. */
const MOST_ACTIVE = 8;
const LOOK_AGAIN_MS = 50;

/** Terminals stay open for hours: they wait for no place, and take none from the runs. */
const MOST_TERMINALS = 8;

/** Waits for a place and for the workspace. Answers the function that gives the workspace back; the place is given back by the run's end. */
export async function admit(live: LiveSandbox, emit: Emit, signal: AbortSignal): Promise<() => void> {
  if (live.workspaceLock.busy || active(live, 'program') >= MOST_ACTIVE) sayQueued(emit);
  for (;;) {
    const release = await acquire(live, signal);
    if (active(live, 'program') < MOST_ACTIVE) return release;
    release();
    await abortable(new Promise<void>((resolve) => live.deps.clock.after(LOOK_AGAIN_MS, resolve)), signal);
  }
}

/** Waits for the workspace. Rejects conflict where too many terminals are open. */
export async function admitTerminal(live: LiveSandbox, emit: Emit, signal: AbortSignal): Promise<() => void> {
  if (live.workspaceLock.busy) sayQueued(emit);
  const release = await acquire(live, signal);
  if (active(live, 'terminal') < MOST_TERMINALS) return release;
  release();
  throw new PetriError('conflict', `The sandbox has ${MOST_TERMINALS} terminals open already.`, { action: 'Close one of them.' });
}

async function acquire(live: LiveSandbox, signal: AbortSignal): Promise<() => void> {
  const release = await live.workspaceLock.acquire(signal);
  if (live.row.status !== 'deleted') return release;
  release();
  throw new PetriError('sandbox-deleted', 'The sandbox was deleted.', { action: 'Run again; a new one is made.' });
}

function active(live: LiveSandbox, kind: ActiveRun['kind']): number {
  return [...live.activeRuns.values()].filter((run) => run.kind === kind).length;
}

function sayQueued(emit: Emit): void {
  void emit({ event: 'progress', data: { stage: 'queue', message: 'Waiting for the sandbox…' } });
}
