import { hash } from 'node:crypto';
import type { Launcher } from '../container/launcher';
import { PetriError } from '../errors';
import { HostFileError } from '../ports/fileSource';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import { readInside } from '../sync/readInside';
import type { ManifestFile } from './adapter';
import type { ManifestSide } from './manifestPaths';

/** A lock of a big monorepo has 3 MB. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Whole, and exactly what the index says they are. Rejects folder-changing, manifest-invalid. */
export async function readManifests(live: LiveSandbox, launcher: Launcher, side: ManifestSide, paths: Iterable<string>): Promise<ManifestFile[]> {
  const index = live.workspace.entries();
  const files: ManifestFile[] = [];
  for (const path of paths) {
    const entry = index.get(path)?.[side];
    if (entry?.type !== 'file') continue;
    if (entry.size > MOST_BYTES) {
      throw new PetriError('manifest-invalid', `${path} is too big for a manifest: ${entry.size} bytes.`, { details: [path] });
    }
    const content = side === 'box' ? await readInside(index, launcher, path) : readHost(live, path);
    if (hash('sha256', content, 'hex') !== entry.content) {
      throw new PetriError('folder-changing', `${path} changes while it is read.`, { action: 'Run again.' });
    }
    files.push({ path, content });
  }
  return files;
}

function readHost(live: LiveSandbox, path: string): Buffer {
  try {
    return live.folder()!.source.readSmall(path);
  } catch (error) {
    if (!(error instanceof HostFileError)) throw error;
    throw new PetriError('folder-changing', `${path} cannot be read: ${error.reason}.`, { action: 'Run again.', cause: error });
  }
}
