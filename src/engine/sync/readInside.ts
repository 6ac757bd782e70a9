import { createHash } from 'node:crypto';
import { PetriError } from '../errors';
import type { Launcher } from '../container/launcher';
import type { Index } from './entry';

/** What one answer holds at most; bigger files are brought to the host by a pull. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** The sandbox's version of one regular file, checked against the index. Rejects not-found, bad-request, folder-changing. */
export async function readInside(index: Index, launcher: Launcher, path: string, mostBytes = MOST_BYTES): Promise<Buffer> {
  const box = index.get(path)?.box;
  if (box?.type !== 'file') throw new PetriError('not-found', `The workspace has no file ${JSON.stringify(path)}.`);
  if (box.size > mostBytes) throw new PetriError('bad-request', `${path} has ${box.size} bytes; at most ${mostBytes} can be read at once.`, { action: 'Pull it instead.' });
  const content = await launcher.call('content', [path]);
  if (createHash('sha256').update(content).digest('hex') !== box.content) {
    throw new PetriError('folder-changing', `${path} changes while it is read: a run is writing it.`, { action: 'Try again when the run is over.' });
  }
  return content;
}
