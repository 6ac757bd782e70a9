import { randomBytes } from 'node:crypto';
import type { Done, TerminalParsed } from '../../protocol/run';
import { throwIfAborted } from '../async';
import type { TerminalContainer } from '../container/terminalContainer';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { mergeLimits } from '../sandbox/limits';
import type { Emit } from '../service';
import { admitTerminal } from './admit';
import { cleanUp } from './cleanUp';
import { launch, type Program } from './launch';
import { recordEnd, recordIntent } from './record';
import { assertCommand } from './run';

/**
 * A run at a terminal, with the same steps as any other. Its container is not the warm one, which has no terminal: it is made
 * while the workspace is synced, and nothing of the user's runs in it before that is done.
 */
export async function runTerminal(live: LiveSandbox, request: TerminalParsed, emit: Emit, signal: AbortSignal): Promise<Done> {
  assertCommand(request);
  const limits = mergeLimits(live.row.limits, { seconds: 0 }, request.limits);
  const runId = `run_${randomBytes(16).toString('hex')}`;
  live.wake();
  const release = await admitTerminal(live, emit, signal);
  let launched;
  try {
    const { launcher } = await live.launcher(emit, signal);
    const opening = live.terminal(runId, limits, signal);
    try {
      // One's failure does not leave the other behind.
      const [synced, opened] = await Promise.allSettled([live.sync(launcher, emit, signal), opening]);
      if (synced.status === 'rejected') throw synced.reason;
      if (opened.status === 'rejected') throw opened.reason;
      const container = opened.value;
      throwIfAborted(signal);
      recordIntent(live, runId, { ...request, command: request.command ?? [container.shell] }, limits, synced.value.receipt, container);
      launched = await launch(live, { ...synced.value, run_id: runId, warm: false }, programOf(request, container), limits, emit, signal);
    } catch (error) {
      live.background(discard(live, opening));
      throw error;
    }
  } finally {
    release();
  }
  const end = await launched.ended;
  try {
    return recordEnd(live, runId, end);
  } finally {
    cleanUp(live, runId, launched.active, end);
  }
}

function programOf(request: TerminalParsed, container: TerminalContainer): Program {
  return { kind: 'terminal', container, stdin: container, start: (consume) => container.start(request, consume) };
}

async function discard(live: LiveSandbox, opening: Promise<TerminalContainer>): Promise<void> {
  const container = await opening.catch(() => undefined);
  if (!container) return;
  container.destroy();
  await live.deps.warm.remove(container.name);
}
