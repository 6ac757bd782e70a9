import type { SbomFormat } from '../../protocol/sbom';
import type { Deps } from '../deps';
import { PetriError } from '../errors';
import type { RunRow } from '../ports/store';
import { cycloneDx } from './cyclonedx';
import type { Inventory } from './inventory';
import type { Contents } from './package';
import { spdx } from './spdx';

/**
 * The software bill of materials of one run: the set and the image that it ran with, not what the sandbox has now. The same set and
 * image give the same bytes. Rejects not-found when the set went before anyone listed it.
 */
export async function sbomOfRun(deps: Deps, run: RunRow, format: SbomFormat): Promise<string> {
  if (run.imageId === null) throw new PetriError('not-found', `${run.id} never started: nothing was there to run it.`);
  const { set, incomplete, key } = await setOf(deps, run);
  const image = await deps.inventory.ofImage(run.imageId).catch((error: unknown): Contents => {
    if (!(error instanceof PetriError) || error.code !== 'image-missing') throw error;
    return { packages: [], modules: [], incomplete: ['The image is gone; what it held is not known.'] };
  });
  const inventory: Inventory = {
    setKey: key, imageId: run.imageId, packages: set?.packages ?? [], system: image.packages,
    incomplete: [...incomplete, ...set?.incomplete ?? [], ...image.incomplete],
  };
  return format === 'spdx' ? spdx(inventory) : cycloneDx(inventory);
}

async function setOf(deps: Deps, run: RunRow): Promise<{ set: Contents | undefined; incomplete: string[]; key: string }> {
  const row = run.dependencySet === null ? undefined : deps.store.getDependencySet(run.dependencySet);
  if (!row) return { set: undefined, incomplete: [], key: '' };
  const known = deps.inventories.read(row.id);
  if (known) return { set: known, incomplete: [], key: row.key };
  if (row.volume === '' || !await deps.engine.inspectVolume(row.volume)) {
    throw new PetriError('not-found', `What ${run.id} ran with was removed before it was listed.`, { action: 'Run again: what is installed now is listed.' });
  }
  return { set: await deps.inventory.ofSet(row, run.imageId!), incomplete: [], key: row.key };
}
