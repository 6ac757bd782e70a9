import { HostFileError } from '../../engine/ports/fileSource';

const REASONS: Record<string, HostFileError['reason']> = {
  ENOENT: 'absent', EACCES: 'forbidden', EPERM: 'forbidden', ELOOP: 'link-in-path', EMLINK: 'link-in-path',
  // A folder that had to be empty is not, a name that had to be free is taken: somebody else was here.
  EEXIST: 'changed', ENOTEMPTY: 'changed',
  ENOTDIR: 'changed', EISDIR: 'not-a-file', ENXIO: 'not-a-file', ENOSPC: 'disk-full', EDQUOT: 'disk-full',
  ENAMETOOLONG: 'invalid-name', EILSEQ: 'invalid-name', EINVAL: 'io',
};

/** Turns whatever node:fs threw into the port's error type. */
export function hostError(error: unknown, path: string): HostFileError {
  if (error instanceof HostFileError) return error;
  return new HostFileError(REASONS[errorCode(error)] ?? 'io', path, error);
}

export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}
