/**
 * The user's folder on the host. Paths are relative to it, '/'-separated on every platform, '' for the folder itself.
 * Nothing here follows a symbolic link below the folder.
 */
export interface FileSource {
  readonly root: string;
  /** What the host's file system does with names: decides which sandbox names it can hold. */
  readonly platform: 'linux' | 'darwin' | 'win32';

  /**
   * Entries of one folder, unsorted. Synchronous on purpose: 10,000 files take 45 ms so and 200 ms with promises
   * (SPEED.md); the scanner yields between folders. Throws HostFileError.
   */
  list(path: string): HostEntry[];
  /** undefined when absent. Throws HostFileError. */
  stat(path: string): HostStat | undefined;
  /** Whole content of a regular file; never follows a link. Throws HostFileError. */
  readSmall(path: string): Buffer;
  /**
   * The same into a place made for it; answers the bytes read. A filled place may mean that there are more.
   * Throws HostFileError.
   */
  readInto(path: string, place: Uint8Array): number;
  /** Content in chunks for big files. The iterable throws HostFileError. */
  readBig(path: string): AsyncIterable<Buffer>;
  readLink(path: string): string;

  /**
   * Writes through a temporary name in the same folder and renames. `expected` is the state the caller saw; the call
   * checks it again at the last moment and throws HostFileError 'changed' instead of overwriting. undefined = absent.
   */
  writeFile(path: string, content: Uint8Array | AsyncIterable<Uint8Array>, mode: number, expected: HostStat | undefined): Promise<HostStat>;
  writeLink(path: string, target: string, expected: HostStat | undefined): Promise<HostStat>;
  /** 'changed' when something is there already. */
  makeFolder(path: string, mode: number): Promise<HostStat>;
  /** Permission bits of a file or folder, under the same check. Nothing happens on Windows. */
  setMode(path: string, mode: number, expected: HostStat): Promise<HostStat>;
  /** Removes a file, a link or an empty folder, under the same check. */
  remove(path: string, expected: HostStat): Promise<void>;
}

export interface HostStat {
  type: 'file' | 'folder' | 'symlink' | 'other';
  /** Permission bits, 0o777 masked. On Windows 0o644 for files, 0o755 for folders. */
  mode: number;
  size: number;
  /** Milliseconds with a fraction, as node:fs gives them. */
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
}
export interface HostEntry extends HostStat { name: string }

export class HostFileError extends Error {
  constructor(readonly reason: 'absent' | 'forbidden' | 'changed' | 'link-in-path' | 'not-a-file' | 'disk-full' | 'invalid-name' | 'io', readonly path: string, cause?: unknown) {
    super(`${path || '.'}: ${reason}`, { cause });
    this.name = 'HostFileError';
  }
}
