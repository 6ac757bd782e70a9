import { randomBytes } from 'node:crypto';
import type { MissingImport } from '../../protocol/missing';
import type { Done, ExecParsed, TerminalParsed } from '../../protocol/run';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { mergeLimits } from '../sandbox/limits';
import type { Emit } from '../service';
import { doneFrom, recordEnd, recordIntent, recordMissing } from './record';
import { launch, programOf, type RunEnd } from './launch';
import { prepare } from './prepare';
import { cleanUp } from './cleanUp';

/** A command that is over by then has the machine to itself; while a longer one runs, the next one's container is made. */
const HEAD_START_MS = 20;

/**
 * One run, start to end: admit → sync → dependencies → intent → launch → stream → finish recorded → clean up and refill.
 * Resolves with the end; rejects when the command never started.
 */
export async function run(live: LiveSandbox, request: ExecParsed, emit: Emit, signal: AbortSignal): Promise<Done> {
  assertCommand(request);
  const limits = mergeLimits(live.row.limits, request.limits);
  const runId = `run_${randomBytes(16).toString('hex')}`;
  live.wake();
  const asked = live.deps.clock.monotonic();
  const { container, synced, release } = await prepare(live, limits, emit, signal);
  let launched;
  try {
    recordIntent(live, runId, request, limits, synced.receipt, container);
    live.pool.take(container);
    const started = { ...synced, run_id: runId, warm: container.startedAt < asked };
    launched = await launch(live, started, programOf(live, request, container), limits, emit, signal);
  } finally {
    release();
  }
  const stopWaiting = live.deps.clock.after(HEAD_START_MS, () => live.refill());
  const end = await launched.ended;
  stopWaiting();
  try {
    recordEnd(live, runId, end);
    end.missing = await missingOf(live, request, container.imageId, end);
    recordMissing(live, runId, end);
    return doneFrom(runId, end);
  } finally {
    cleanUp(live, runId, launched.active, end);
  }
}

function missingOf(live: LiveSandbox, { command, cwd }: ExecParsed, imageId: string, { outcome, output }: RunEnd): Promise<MissingImport[]> {
  return live.imports.afterRun({ command, cwd, imageId, failed: outcome.reason === 'exited' && outcome.exitCode !== 0, said: output.lastWords });
}

/** Throws bad-request for what no shell could be given, and for a folder outside the workspace. */
export function assertCommand(request: Pick<TerminalParsed, 'command' | 'cwd' | 'env'>): void {
  const { command = [] } = request;
  const words = [...(typeof command === 'string' ? [command] : command), request.cwd, ...Object.values(request.env)];
  if (words.some((word) => word.includes('\0'))) throw new PetriError('bad-request', 'A command, folder or variable holds a NUL byte.');
  if (request.cwd.startsWith('/') || request.cwd.split('/').includes('..')) {
    throw new PetriError('bad-request', `The folder to run in, ${JSON.stringify(request.cwd)}, is not inside the workspace.`, { action: 'Give it relative to the workspace.' });
  }
}
