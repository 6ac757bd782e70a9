import type { Dependencies, DependencySet } from '../../protocol/dependencies';
import { mergeLimits } from '../sandbox/limits';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import { admit } from '../run/admit';
import type { Needed } from './sandboxDependencies';
import { wireSet } from './wire';

/** Syncs and installs, whether or not it is there already. null: nothing to install. */
export async function reinstall(live: LiveSandbox, emit: Emit, signal: AbortSignal): Promise<DependencySet | null> {
  const looked = await inWorkspace(live, emit, signal, async (container) => {
    await live.sync(container.launcher, emit, signal);
    return live.dependencies.force(container, emit);
  });
  if (!looked) return null;
  await live.dependencies.install(looked, emit, signal);
  await inWorkspace(live, emit, signal, async (container) => {
    await live.dependencies.offerLocks(container, looked);
    await live.workspace.settle(container.launcher, live.activeRuns.size > 0);
  });
  const { current } = live.dependencies;
  return current ? wireSet(current) : null;
}

/** From what is known of the workspace: no sync, no container. */
export async function describeDependencies(live: LiveSandbox): Promise<Dependencies> {
  return live.dependencies.describe();
}

async function inWorkspace(live: LiveSandbox, emit: Emit, signal: AbortSignal,
  work: (container: Awaited<ReturnType<LiveSandbox['launcher']>>) => Promise<Needed | undefined | void>): Promise<Needed | undefined> {
  const release = await admit(live, emit, signal);
  try {
    live.wake();
    return await work(await live.launcher(emit, signal, mergeLimits(live.row.limits))) ?? undefined;
  } finally {
    release();
  }
}
