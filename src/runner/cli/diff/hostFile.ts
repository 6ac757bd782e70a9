import { constants } from 'node:fs';
import { open, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The host's version of a workspace path: empty when absent, a link's target for a link; undefined when it is something else. */
export async function hostContent(folder: string, path: string): Promise<Buffer | undefined> {
  if (!isInside(path)) return undefined;
  const full = join(folder, path);
  try {
    // A pipe in its place must not be waited for, a link not be followed.
    const file = await open(full, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      return (await file.stat()).isFile() ? await file.readFile() : undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return Buffer.alloc(0);
    if (code === 'ELOOP') return Buffer.from(await readlink(full));
    return undefined;
  }
}

/** The runner confines paths; a client that joins them to a folder checks once more. */
function isInside(path: string): boolean {
  return !path.startsWith('/') && !path.split(/[\\/]/).includes('..');
}
