import { hash } from 'node:crypto';
import type { DependencySetRow } from '../ports/store';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Contents } from '../sbom/package';
import type { Wanted } from './wanted';

/**
 * The last step of an install: what is there now, before any run could have seen it. undefined when it could not be listed; the set
 * is none the worse, and whoever asks for its bill of materials has it listed then.
 */
export async function listInstalled(live: LiveSandbox, set: DependencySetRow, imageId: string, wanted: Wanted): Promise<Contents | undefined> {
  try {
    return await live.deps.inventory.ofSet(set, imageId, goMods(live, wanted));
  } catch (error) {
    live.deps.log(`${set.id}: could not be listed: ${String(error)}`);
    return undefined;
  }
}

/** As the set was installed from them; one that changed meanwhile is left out. */
function goMods(live: LiveSandbox, { inputs, side }: Wanted): string[] {
  const source = side === 'host' ? live.folder()?.source : undefined;
  return [...inputs].filter(([path]) => /(?:^|\/)go\.mod$/.test(path)).flatMap(([path, content]) => {
    try {
      const found = source?.readSmall(path);
      return found && hash('sha256', found, 'hex') === content ? [found.toString('utf8')] : [];
    } catch {
      return []; // gone meanwhile
    }
  });
}
