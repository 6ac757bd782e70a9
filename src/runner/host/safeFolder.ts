import { closeSync, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { HostFileError } from '../../engine/ports/fileSource';
import { errorCode, hostError } from './hostError';

/** A folder to work in by name, reached without following a link. */
export interface SafeFolder {
  /** Path prefix for node:fs, without a slash at its end. */
  base: string;
  close(): void;
}

const OPEN_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens `path` below `root`, refusing a link at every component.
 *
 * Linux: each component is opened relative to the descriptor of the one before (procfs stands in for openat, which Node
 * lacks), so a component swapped for a link in between changes nothing. Elsewhere each component is looked at first.
 */
export function openSafeFolder(root: string, path: string, descriptors = hasDescriptorPaths()): SafeFolder {
  return descriptors ? openByDescriptors(root, path) : openByLooking(root, path);
}

function hasDescriptorPaths(): boolean {
  return process.platform === 'linux' && existsSync('/proc/self/fd');
}

function openByDescriptors(root: string, path: string): SafeFolder {
  let descriptor: number | undefined;
  try {
    // The folder itself may be a link that the user opened: only what is below it is not followed.
    descriptor = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
    for (const name of path === '' ? [] : path.split('/')) {
      const next = openSync(`/proc/self/fd/${descriptor}/${name}`, OPEN_FOLDER);
      closeSync(descriptor);
      descriptor = next;
    }
  } catch (error) {
    const parent = descriptor;
    if (parent !== undefined) closeSync(parent);
    // O_DIRECTORY with O_NOFOLLOW answers ENOTDIR for a link: the two are told apart for the message only.
    if (errorCode(error) === 'ENOTDIR') checkComponents(root, path);
    throw hostError(error, path);
  }
  const opened = descriptor;
  return { base: `/proc/self/fd/${opened}`, close: () => closeSync(opened) };
}

function openByLooking(root: string, path: string): SafeFolder {
  checkComponents(root, path);
  return { base: path === '' ? root : `${root}/${path}`, close: () => undefined };
}

/** Throws 'link-in-path' when a component is a link, 'changed' when it is a file, 'absent' when it is gone. */
export function checkComponents(root: string, path: string): void {
  if (path === '') return;
  for (let end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
    checkFolder(root, end < 0 ? path : path.slice(0, end));
    if (end < 0) return;
  }
}

export function checkFolder(root: string, path: string): void {
  let stat;
  try {
    stat = lstatSync(`${root}/${path}`);
  } catch (error) {
    throw hostError(error, path);
  }
  if (stat.isSymbolicLink()) throw new HostFileError('link-in-path', path);
  if (!stat.isDirectory()) throw new HostFileError('changed', path);
}
