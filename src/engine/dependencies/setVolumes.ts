import { LABEL } from '../container/spec';
import type { Deps } from '../deps';
import type { LiveSandbox } from '../sandbox/liveSandbox';

const REMOVE_ATTEMPTS = 20;
const REMOVE_PAUSE_MS = 100;

/** On the volumes of dependency sets only: the set's id. */
export const LABEL_SET = `${LABEL}set`;

export function setLabels(deps: Deps, sandboxId: string, setId: string): Record<string, string> {
  return { [`${LABEL}install`]: deps.store.installId, [`${LABEL}sandbox`]: sandboxId, [LABEL_SET]: setId };
}

/** An engine may hold on to a volume for a moment after its last container went. */
export async function removeVolumePatiently({ engine, clock }: Pick<Deps, 'engine' | 'clock'>, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await engine.removeVolume(name);
    } catch (error) {
      if (attempt === REMOVE_ATTEMPTS) throw error;
      await new Promise<void>((resolve) => clock.after(REMOVE_PAUSE_MS, resolve));
    }
  }
}

/** Removes the sets that no run will see any more and none sees now. What cannot go yet goes after a later run. */
export async function sweepSets(live: LiveSandbox, keep: ReadonlySet<string>): Promise<void> {
  const { store, log } = live.deps;
  for (const set of store.listDependencySets({ sandboxId: live.id, statuses: ['ready'] })) {
    if (keep.has(set.id)) continue;
    try {
      if (set.volume !== '') await removeVolumePatiently(live.deps, set.volume);
      store.updateDependencySet(set.id, { status: 'removed' });
    } catch (error) {
      log(`${set.id}: its volume stays for now: ${String(error)}`);
    }
  }
}
