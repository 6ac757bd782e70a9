import type { CleanupItem } from '../../protocol/runner';
import { LABEL } from '../container/spec';
import type { Deps } from '../deps';
import { artefactVolumeName } from '../gateway/artefactVolume';
import { GATEWAY_IMAGE } from './images';
import type { LiveSandbox } from './liveSandbox';
import { unusedImages } from './unusedImages';

/** What could go, with sizes: sandboxes that are not in use, volumes and images nobody refers to, logs of deleted sandboxes' runs. */
export async function listCleanup(deps: Deps, sandboxes: Map<string, LiveSandbox>): Promise<CleanupItem[]> {
  const { engine, gate, images, logs, store } = deps;
  await gate.open();
  const mine = { [`${LABEL}install`]: store.installId };
  const [sizes, volumes, logSizes] = await Promise.all([engine.volumeSizes(), engine.listVolumes(mine), logs.sizes()]);
  const items: CleanupItem[] = [];
  const artefacts = artefactVolumeName(store.installId);
  const wanted = new Set<string>([images.reference(GATEWAY_IMAGE)]);
  for (const live of sandboxes.values()) {
    wanted.add(live.row.volume);
    wanted.add(images.reference(live.row));
    const sets = store.listDependencySets({ sandboxId: live.id, statuses: ['ready', 'installing'] }).map(({ volume }) => volume);
    for (const volume of sets) wanted.add(volume);
    if (live.activeRuns.size > 0 || live.dependencies.installing) continue;
    const known = [live.row.volume, ...sets].flatMap((volume) => sizes.get(volume) ?? []);
    const bytes = known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0);
    items.push({ id: live.id, kind: 'sandbox', name: live.row.folder ?? live.id, why: live.row.status, bytes });
  }
  for (const { name } of volumes) {
    if (!wanted.has(name)) items.push({ id: `volume:${name}`, kind: 'volume', name, why: name === artefacts ? 'downloaded packages, kept for further installs' : 'belongs to no sandbox that is known here', bytes: sizes.get(name) ?? null });
  }
  items.push(...await unusedImages(deps, wanted));
  for (const [runId, bytes] of logSizes) {
    const run = store.getRun(runId) ?? store.getDependencySet(runId);
    if (run && sandboxes.has(run.sandboxId)) continue;
    items.push({ id: `log:${runId}`, kind: 'log', name: runId, why: 'its sandbox was deleted', bytes });
  }
  return items;
}

/** Only what a fresh listing still offers goes: an id that came into use meanwhile, or was never ours, is refused. */
export async function cleanUpItems(deps: Deps, sandboxes: Map<string, LiveSandbox>, ids: readonly string[], removeSandbox: (live: LiveSandbox) => Promise<void>):
Promise<{ removed: string[]; failed: Array<{ id: string; reason: string }> }> {
  const offered = new Map((await listCleanup(deps, sandboxes)).map((item) => [item.id, item]));
  const removed: string[] = [];
  const failed: Array<{ id: string; reason: string }> = [];
  for (const id of ids) {
    const item = offered.get(id);
    try {
      if (!item) throw new Error('not offered for cleaning up');
      if (item.kind === 'sandbox') await removeSandbox(sandboxes.get(id)!);
      else if (item.kind === 'volume') await deps.engine.removeVolume(item.name);
      else if (item.kind === 'image') await deps.engine.removeImage(id.slice('image:'.length));
      else if (item.kind === 'log') await deps.logs.remove(item.name);
      removed.push(id);
    } catch (error) {
      failed.push({ id, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { removed, failed };
}
