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
import { prepare } from './prepare';
import { recordEnd, recordIntent } from './record';
import { assertCommand } from './run';

/**
 * A run at a terminal, with the same steps as any other. Its container is not the warm one, which has no terminal: it is made
 * when it is known what it has to see.
 */
export async function runTerminal(live: LiveSandbox, request: TerminalParsed, emit: Emit, signal: AbortSignal): Promise<Done> {
  assertCommand(request);
  const limits = mergeLimits(live.row.limits, { seconds: 0 }, request.limits);
  const runId = `run_${randomBytes(16).toString('hex')}`;
  live.wake();
  const { container: { launcher }, synced, release } = await prepare(live, live.limits, emit, signal, admitTerminal);
  let launched;
  try {
    const opening = live.terminal(runId, limits, signal);
    try {
      const { env, path, links = [], caches = [], copies = [] } = live.dependencies.forRun();
      if (caches.length > 0) await launcher.call('caches', caches);
      if (copies.length > 0) await launcher.call('copies', copies.flatMap(({ from, to }) => [from, to]));
      if (links.length > 0) await launcher.call('links', links.flatMap((link) => [link.path, link.target]));
      const container = await opening;
      throwIfAborted(signal);
      recordIntent(live, runId, { ...request, command: request.command ?? [container.shell] }, limits, synced.receipt, container);
      const program = programOf({ ...request, env: { ...env, ...request.env }, path }, container);
      launched = await launch(live, { ...synced, run_id: runId, warm: false }, program, limits, emit, signal);
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

function programOf(request: TerminalParsed & { path?: string | undefined }, container: TerminalContainer): Program {
  return { kind: 'terminal', container, stdin: container, start: (consume) => container.start(request, consume) };
}

async function discard(live: LiveSandbox, opening: Promise<TerminalContainer>): Promise<void> {
  const container = await opening.catch(() => undefined);
  if (!container) return;
  container.destroy();
  await live.deps.warm.remove(container.name);
}
