import { createHash } from 'node:crypto';
import { ARTEFACTS as PREFIX, labels, type Mount } from '../container/spec';
import type { Deps } from '../deps';

/** Where a gateway sees it. */
export const ARTEFACTS = '/sandbox/artefacts';

/** The one volume of artefacts of this installation; made when it is not there. */
export async function artefactVolume({ engine, store }: Deps): Promise<Mount> {
  const volume = artefactVolumeName(store.installId);
  await engine.createVolume(volume, labels({ installId: store.installId, sandboxId: '', runId: '', role: 'gateway' }));
  return { volume, target: ARTEFACTS };
}

export function artefactVolumeName(installId: string): string {
  return `${PREFIX}${createHash('sha256').update(installId).digest('hex').slice(0, 16)}`;
}
