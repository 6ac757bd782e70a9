import { PetriError } from '../../engine/errors';
import type { EngineCalls } from './engineCalls';
import { diskFull, isDiskFull, statusOf, wordsOf } from './errors';
import { jsonLines } from './jsonLines';

/** Pulls one tag or digest. Rejects image-missing with the registry's words, disk-full, cancelled. */
export async function pullImage(calls: EngineCalls, reference: string, onProgress: (message: string) => void, signal?: AbortSignal): Promise<void> {
  const [fromImage, tag] = splitReference(reference);
  await calls.guard(`pull the image ${reference}`, signal, async () => {
    const response = await calls.stream(`pull the image ${reference}`, { method: 'POST', path: '/images/create', query: { fromImage, tag }, signal }).catch((error: unknown) => {
      const cause = error instanceof PetriError ? error.cause : error;
      // A refusal before the first line: the registry cannot be reached, or has no such image.
      if (error instanceof PetriError && error.code !== 'disk-full' && statusOf(cause) !== undefined) throw missing(reference, wordsOf(cause), cause);
      throw error;
    });
    for await (const line of jsonLines(response)) {
      if (typeof line['error'] === 'string') {
        if (isDiskFull(line['error'])) throw diskFull(`pull the image ${reference}`, undefined);
        throw missing(reference, line['error'], undefined);
      }
      const message = describe(line);
      if (message) onProgress(message);
    }
  });
}

/** Without a tag an engine would pull every tag there is. */
export function splitReference(reference: string): [name: string, tag: string | undefined] {
  if (reference.includes('@')) return [reference, undefined];
  const colon = reference.lastIndexOf(':');
  return colon > reference.lastIndexOf('/') ? [reference.slice(0, colon), reference.slice(colon + 1)] : [reference, 'latest'];
}

export function missing(reference: string, words: string, cause: unknown): PetriError {
  return new PetriError('image-missing', `The image ${reference} is not on the engine and could not be pulled: ${words.trim()}`, {
    action: `Check the name and the network, or put it there by hand: docker pull ${reference}, or docker load.`, cause,
  });
}

function describe({ status, id, progress }: Record<string, unknown>): string {
  return [id, status, progress].filter((part) => typeof part === 'string' && part).join(' ');
}
