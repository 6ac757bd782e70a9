import { PetriError } from '../../engine/errors';
import type { ContainerEngine, ImageInfo, Labels } from '../../engine/ports/containerEngine';
import { carries, labelFilter, type EngineCalls } from './engineCalls';
import { buildImage } from './imageBuild';
import { pullImage } from './imagePull';

interface Inspected {
  Id: string; RepoTags?: string[] | null; Architecture: string; Size: number; Config?: { Env?: string[] | null; Labels?: Labels | null } | null;
}
interface Listed { Id: string; RepoTags?: string[] | null; Labels?: Labels | null; Size: number }

type ImageCalls = Pick<ContainerEngine, 'inspectImage' | 'pullImage' | 'buildImage' | 'removeImage' | 'listImages'>;

export function imageCalls(calls: EngineCalls): ImageCalls {
  // A reference's slashes are part of the path; everything else that could end it is not.
  const path = (reference: string, rest = '') => `/images/${reference.split('/').map(encodeURIComponent).join('/')}${rest}`;
  return {
    async inspectImage(reference) {
      const found = await calls.maybe<Inspected>(`look at the image ${reference}`, { method: 'GET', path: path(reference, '/json') });
      return found && readImage(found);
    },
    pullImage: (reference, onProgress, signal) => pullImage(calls, reference, onProgress, signal),
    buildImage: (build, onProgress, signal) => buildImage(calls, build, onProgress, signal),
    async removeImage(reference) {
      await calls.maybe(`remove the image ${reference}`, { method: 'DELETE', path: path(reference) });
    },
    async listImages(labels) {
      const found = await calls.json<Listed[]>('list images', { method: 'GET', path: '/images/json', query: { filters: labelFilter(labels) } });
      return found.map(({ Id, RepoTags, Labels: own, Size }) => ({ id: Id, tags: RepoTags ?? [], labels: own ?? {}, bytes: Size })).filter(carries(labels));
    },
  };
}

function readImage({ Id, RepoTags, Architecture, Size, Config }: Inspected): ImageInfo {
  if (!Id) throw new PetriError('engine-failed', 'The engine answered an image without an id.');
  return {
    id: Id.startsWith('sha256:') ? Id : `sha256:${Id}`, tags: RepoTags ?? [], environment: Config?.Env ?? [], architecture: Architecture, bytes: Size, labels: Config?.Labels ?? {},
  };
}
