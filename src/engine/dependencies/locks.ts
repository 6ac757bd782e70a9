import { createHash } from 'node:crypto';
import { archiveOf } from '../container/archive';
import type { Launcher } from '../container/launcher';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { InstallPlan } from './adapter';
import type { Wanted, WantedDependencies } from './wanted';

/**
 * Puts the locks of an install into the workspace, where they wait in the review like a file that a run created. What a run has
 * changed there stays. Answers the key that the workspace will have with them: taking them over installs nothing again. Under the workspace lock.
 */
export async function offerLocks(live: LiveSandbox, launcher: Launcher, known: WantedDependencies, wanted: Wanted, plan: InstallPlan, imageId: string): Promise<string | undefined> {
  const index = live.workspace.entries();
  const offered = new Map<string, Buffer>();
  for (const { from, path } of plan.locks) {
    const there = index.get(path);
    if (there && there.box?.content !== there.host?.content) continue;
    // Not every install makes one.
    const content = await launcher.call('installed', [from]).catch(() => undefined);
    if (content && content.length > 0) offered.set(path, content);
  }
  if (offered.size === 0) return undefined;
  await launcher.call('unpack', [], await archiveOf([...offered].map(([name, content]) => ({ name, mode: 0o644, content }))));
  live.workspace.touched();
  return known.keyWith(wanted, imageId, new Map([...offered].map(([path, content]) => [path, createHash('sha256').update(content).digest('hex')])));
}
