import type { Limits } from '../../protocol/sandbox';
import type { Synced } from '../../protocol/run';
import { throwIfAborted } from '../async';
import type { WarmContainer } from '../container/warmContainer';
import type { Needed } from '../dependencies/sandboxDependencies';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import { admit } from './admit';

/** A folder that keeps changing its manifests while they are installed is told so. */
const MOST_INSTALLS = 3;

/** Ready to start a command: the workspace is the folder's, the container sees the dependencies it wants. */
export interface Prepared { container: WarmContainer; synced: Synced; release(): void }

/**
 * admit → sync → dependencies. Answers holding the workspace, which `release` gives back. It is given back meanwhile when something
 * has to be installed; afterwards everything is looked at again.
 */
export async function prepare(live: LiveSandbox, limits: Limits, emit: Emit, signal: AbortSignal, enter = admit): Promise<Prepared> {
  let installed: Needed | undefined;
  for (let installs = 0; installs <= MOST_INSTALLS;) {
    const release = await enter(live, emit, signal);
    let done = false;
    try {
      const container = await live.launcher(emit, signal, limits);
      if (installed) await live.dependencies.offerLocks(container, installed);
      installed = undefined;
      const synced = await live.sync(container.launcher, emit, signal);
      throwIfAborted(signal);
      const needed = await live.dependencies.check(container, emit);
      if (!needed && container.setId === live.dependencies.current?.id) {
        done = true;
        return { container, synced, release };
      }
      installed = needed;
    } finally {
      if (!done) release();
    }
    if (!installed) continue;
    installs += 1;
    await live.dependencies.install(installed, emit, signal);
  }
  throw new PetriError('folder-changing', 'The manifests change faster than they can be installed from.', { action: 'Run again when they stay as they are.' });
}
