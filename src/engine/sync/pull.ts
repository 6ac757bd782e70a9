import { PassThrough } from 'node:stream';
import type { Pulled } from '../../protocol/changes';
import type { Launcher } from '../container/launcher';
import { PetriError } from '../errors';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { pull } from './pullBack';

/** Brings what runs changed to the user's folder: see pullBack.ts for what is refused. Under the workspace lock, settled. */
export async function pullChanges(live: LiveSandbox, launcher: Launcher, paths: string[] | undefined): Promise<Pulled> {
  const folder = live.folder();
  if (!folder) throw new PetriError('bad-request', 'This sandbox belongs to no folder, so there is nowhere to pull to.');
  const { workspace, deps } = live;
  const { applied, refused, updates } = await pull(workspace.entries(), folder.source, (path) => contentOf(launcher, path), paths, {
    now: () => deps.clock.now(), heldBack: (path, isFolder) => folder.scanner.heldBack(path, isFolder),
  });
  workspace.record(updates, workspace.generation);
  return { applied, refused };
}

/** One file of the workspace as it comes. Whoever stops reading early lets the launcher run dry, so that its next call can follow. */
async function* contentOf(launcher: Launcher, path: string): AsyncGenerator<Buffer> {
  const pipe = new PassThrough({ highWaterMark: 1024 * 1024 });
  const call = launcher.stream('content', [path], undefined, (chunk) => {
    if (pipe.destroyed || pipe.write(chunk)) return;
    return new Promise<void>((resolve) => pipe.once('drain', resolve).once('close', resolve));
  });
  call.then(() => pipe.end(), (error: Error) => pipe.destroy(error));
  try {
    for await (const chunk of pipe) yield chunk as Buffer;
  } finally {
    pipe.destroy();
    await call.catch(() => undefined);
  }
}
