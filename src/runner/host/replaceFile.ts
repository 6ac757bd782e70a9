import { randomBytes } from 'node:crypto';
import { constants, lstatSync, type Stats } from 'node:fs';
import { copyFile, link, open, rename, rm, symlink, unlink } from 'node:fs/promises';
import { HostFileError, type HostStat } from '../../engine/ports/fileSource';
import { errorCode, hostError } from './hostError';

const MAX_NAME_BYTES = 255;
/** File systems without hard links: FAT, some network shares. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'UNKNOWN']);

/** A name in the same folder that nobody else uses; the dot keeps it out of most listings. */
export function temporaryName(name: string): string {
  const end = `.petri-${randomBytes(6).toString('hex')}`;
  return Buffer.byteLength(name) + end.length + 1 > MAX_NAME_BYTES ? `.${end.slice(1)}` : `.${name}${end}`;
}

export async function writeTemporary(temporary: string, content: Uint8Array | AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    if (content instanceof Uint8Array) await file.writeFile(content);
    // FileHandle.write may write less than it was given; writeFile does not.
    else for await (const chunk of content) await file.writeFile(chunk);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

export async function makeTemporaryLink(temporary: string, target: string): Promise<void> {
  await symlink(target, temporary);
}

/**
 * Moves `temporary` to `name` in the folder `base`, if `name` still is what the caller saw. An absent name is taken
 * exclusively, so that nothing is ever overwritten unseen. The temporary name is gone afterwards, whatever happened.
 */
export async function land(base: string, temporary: string, name: string, expected: HostStat | undefined, path: string): Promise<void> {
  try {
    if (expected) {
      checkUnchanged(`${base}/${name}`, expected, path);
      await rename(temporary, `${base}/${name}`);
    } else {
      await takeExclusively(temporary, `${base}/${name}`);
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw hostError(error, path);
  }
}

async function takeExclusively(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (!NO_LINKS.has(errorCode(error))) throw error;
    await copyFile(temporary, target, constants.COPYFILE_EXCL);
  }
  await unlink(temporary);
}

/** Throws 'changed' unless it is what `expected` describes. A folder's times and size come from its children and do not count. */
export function checkUnchanged(target: string, expected: HostStat, path: string): void {
  let stat: Stats | undefined;
  try {
    stat = lstatSync(target, { throwIfNoEntry: false });
  } catch (error) {
    throw hostError(error, path);
  }
  const same = stat !== undefined && typeOf(stat) === expected.type && stat.ino === expected.ino
    && (expected.type === 'folder' || (stat.size === expected.size && stat.mtimeMs === expected.mtimeMs));
  if (!same) throw new HostFileError('changed', path);
}

export function typeOf(stat: Stats): HostStat['type'] {
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'symlink' : 'other';
}
