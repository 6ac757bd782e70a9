import { createHash, hash } from 'node:crypto';
import type { FileSource, HostEntry } from '../ports/fileSource';
import type { HostSide } from './entry';
import { fileSide, isRacy, linkSide } from './hostSide';

/** Files up to this size are read at once and synchronously; bigger ones in chunks, so that nothing waits for them. */
export const SMALL_BYTES = 1024 * 1024;

/** Reads and hashes a small file or a link. Throws HostFileError. `readAt` is the wall clock before the read. */
export function readSmallSide(source: FileSource, path: string, stat: HostEntry, readAt: number): HostSide {
  const racy = isRacy(stat, readAt);
  if (stat.type === 'symlink') return linkSide(stat, source.readLink(path), racy);
  const content = source.readSmall(path);
  // Another size: it is being written. The stat is the older one, so the next scan reads it again.
  return { ...fileSide(stat, hash('sha256', content, 'hex'), racy || content.length !== stat.size), size: content.length };
}

/** The same for a file of any size. Rejects with HostFileError, or with the signal's reason. */
export async function readBigSide(
  source: FileSource, path: string, stat: HostEntry, readAt: number, onBytes: (bytes: number) => void, signal?: AbortSignal,
): Promise<HostSide> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of source.readBig(path)) {
    signal?.throwIfAborted();
    digest.update(chunk);
    size += chunk.length;
    onBytes(chunk.length);
  }
  return { ...fileSide(stat, digest.digest('hex'), isRacy(stat, readAt) || size !== stat.size), size };
}
