import type { CleanupItem } from '../../protocol/runner';
import { LANGUAGES } from '../../protocol/sandbox';
import type { Deps } from '../deps';
import { LABEL_IMAGE } from './images';

/**
 * Images that Petri built and nobody needs now: those of earlier versions, whichever installation on this engine made them, and this
 * one's own that no sandbox uses. `wanted`: references in use. What any container was made from stays, whosever it is.
 */
export async function unusedImages({ engine, images, store }: Pick<Deps, 'engine' | 'images' | 'store'>, wanted: ReadonlySet<string>): Promise<CleanupItem[]> {
  const [present, containers] = await Promise.all([engine.listImages({}), engine.listContainers({})]);
  const inUse = new Set(containers.map(({ imageId }) => withoutAlgorithm(imageId)));
  const current = new Set([...LANGUAGES, 'gateway'].map((language) => images.reference({ language, image: null })));
  return present.flatMap(({ id, tags, labels, bytes }) => {
    const builder = labels[LABEL_IMAGE];
    if (builder === undefined || inUse.has(withoutAlgorithm(id)) || tags.some((tag) => wanted.has(tag))) return [];
    const isCurrent = tags.some((tag) => current.has(tag));
    // Another installation of this version has sandboxes that this one knows nothing of.
    if (isCurrent && builder !== store.installId) return [];
    return [{ id: `image:${id}`, kind: 'image' as const, name: tags[0] ?? id, why: isCurrent ? 'used by no sandbox' : 'not of this version, and used by no container', bytes }];
  });
}

function withoutAlgorithm(id: string): string {
  return id.replace(/^sha256:/, '');
}
