import {
  closeSync, constants, createReadStream, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readSync, readlinkSync, type Stats,
} from 'node:fs';
import { chmod, mkdir, open, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { HostFileError, type FileSource, type HostEntry, type HostStat } from '../../engine/ports/fileSource';
import { whyNotOnHost } from '../../engine/sync/names';
import { errorCode, hostError } from './hostError';
import { checkUnchanged, land, makeTemporaryLink, temporaryName, typeOf, writeTemporary } from './replaceFile';
import { checkFolder, openSafeFolder, type SafeFolder } from './safeFolder';

// O_NONBLOCK: a FIFO put in a file's place must not hang the open. Neither flag exists on Windows.
const OPEN_FILE = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CHUNK_BYTES = 256 * 1024;

/** A folder on this machine. Reads are for the scanner's speed, writes for a pull's safety: see safeFolder.ts. */
export class FolderSource implements FileSource {
  /** Folders known to be no links, for as long as no other code had a turn. */
  private readonly checked = new Set<string>();

  constructor(readonly root: string, readonly platform: FileSource['platform'] = hostPlatform()) {}

  list(path: string): HostEntry[] {
    this.checkParents(path, true);
    const base = this.absolute(path);
    try {
      const entries: HostEntry[] = [];
      for (const name of readdirSync(base)) {
        const stat = lstatSync(`${base}/${name}`, { throwIfNoEntry: false });
        if (stat) entries.push(this.entry(name, stat));
        // Bytes that are no UTF-8 come as U+FFFD, and no such file exists: it is there all the same.
        else if (name.includes('\uFFFD')) entries.push({ name, type: 'other', mode: 0, size: 0, mtimeMs: 0, ctimeMs: 0, ino: 0 });
      }
      return entries;
    } catch (error) {
      throw hostError(error, path);
    }
  }

  stat(path: string): HostStat | undefined {
    try {
      this.checkParents(path, false);
      const stat = lstatSync(this.absolute(path), { throwIfNoEntry: false });
      return stat && this.entry('', stat);
    } catch (error) {
      if (error instanceof HostFileError && error.reason === 'absent') return undefined;
      throw hostError(error, path);
    }
  }

  readSmall(path: string): Buffer {
    const { descriptor } = this.open(path);
    try {
      return readFileSync(descriptor);
    } catch (error) {
      throw hostError(error, path);
    } finally {
      closeSync(descriptor);
    }
  }

  readInto(path: string, place: Uint8Array): number {
    const { descriptor, size } = this.open(path);
    try {
      let used = 0;
      while (used < place.length) {
        const bytes = readSync(descriptor, place, used, place.length - used, null);
        used += bytes;
        // One call less for each file of a first sync: what is appended from now on comes with the next.
        if (bytes === 0 || used === size) break;
      }
      return used;
    } catch (error) {
      throw hostError(error, path);
    } finally {
      closeSync(descriptor);
    }
  }

  async *readBig(path: string): AsyncIterable<Buffer> {
    // The stream closes the descriptor, also when the reader leaves early.
    const stream = createReadStream('', { fd: this.open(path).descriptor, highWaterMark: CHUNK_BYTES });
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw hostError(error, path);
    }
  }

  readLink(path: string): string {
    try {
      this.checkParents(path, false);
      const target = readlinkSync(this.absolute(path));
      return this.platform === 'win32' && !/^([a-z]:|\\)/i.test(target) ? target.replaceAll('\\', '/') : target;
    } catch (error) {
      throw hostError(error, path);
    }
  }

  writeFile(
    path: string, content: Uint8Array | AsyncIterable<Uint8Array>, mode: number, expected: HostStat | undefined,
  ): Promise<HostStat> {
    return this.inParent(path, async (base, name) => {
      const temporary = `${base}/${temporaryName(name)}`;
      try {
        if (expected) checkUnchanged(`${base}/${name}`, expected, path);
        await writeTemporary(temporary, content, mode);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await land(base, temporary, name, expected, path);
      return this.entry('', lstatSync(`${base}/${name}`));
    });
  }

  writeLink(path: string, target: string, expected: HostStat | undefined): Promise<HostStat> {
    return this.inParent(path, async (base, name) => {
      if (expected) {
        const temporary = `${base}/${temporaryName(name)}`;
        await makeTemporaryLink(temporary, target);
        await land(base, temporary, name, expected, path);
      } else {
        // Making a link never replaces anything.
        await symlink(target, `${base}/${name}`);
      }
      return this.entry('', lstatSync(`${base}/${name}`));
    });
  }

  makeFolder(path: string, mode: number): Promise<HostStat> {
    return this.inParent(path, async (base, name) => {
      await mkdir(`${base}/${name}`, { mode });
      // mkdir's mode goes through the umask.
      if (this.platform !== 'win32') await chmod(`${base}/${name}`, mode);
      return this.entry('', lstatSync(`${base}/${name}`));
    });
  }

  setMode(path: string, mode: number, expected: HostStat): Promise<HostStat> {
    return this.inParent(path, async (base, name) => {
      checkUnchanged(`${base}/${name}`, expected, path);
      if (this.platform !== 'win32') {
        // By descriptor: chmod by name follows a link put there in between.
        const file = await open(`${base}/${name}`, OPEN_FILE);
        await file.chmod(mode).finally(() => file.close());
      }
      return this.entry('', lstatSync(`${base}/${name}`));
    });
  }

  remove(path: string, expected: HostStat): Promise<void> {
    return this.inParent(path, async (base, name) => {
      checkUnchanged(`${base}/${name}`, expected, path);
      await (expected.type === 'folder' ? rmdir(`${base}/${name}`) : unlink(`${base}/${name}`));
    });
  }

  private absolute(path: string): string {
    return path === '' ? this.root : `${this.root}/${path}`;
  }

  private entry(name: string, stat: Stats): HostEntry {
    const type = typeOf(stat);
    const mode = this.platform === 'win32' ? (type === 'folder' ? 0o755 : 0o644) : stat.mode & 0o777;
    return { name, type, mode, size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs, ino: stat.ino };
  }

  /** Opens a regular file for reading, never through a link. */
  private open(path: string): { descriptor: number; size: number } {
    let descriptor: number;
    try {
      this.checkParents(path, false);
      descriptor = openSync(this.absolute(path), OPEN_FILE);
    } catch (error) {
      throw hostError(error, path);
    }
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return { descriptor, size: stat.size };
    closeSync(descriptor);
    throw new HostFileError('not-a-file', path);
  }

  /** Looks at each folder above `path` (and at itself) once per turn of the event loop: a scan visits them thousands of times. */
  private checkParents(path: string, itself: boolean): void {
    const folder = itself ? path : parentOf(path);
    if (folder === '' || this.checked.has(folder)) return;
    this.checkParents(folder, false);
    checkFolder(this.root, folder);
    if (this.checked.size === 0) setImmediate(() => this.checked.clear());
    this.checked.add(folder);
  }

  private async inParent<T>(path: string, work: (base: string, name: string) => Promise<T>): Promise<T> {
    for (const name of path.split('/')) if (whyNotOnHost(name, this.platform)) throw new HostFileError('invalid-name', path);
    let parent: SafeFolder | undefined;
    try {
      parent = openSafeFolder(this.root, parentOf(path));
      return await work(parent.base, path.slice(path.lastIndexOf('/') + 1));
    } catch (error) {
      if (errorCode(error) === 'ABORT_ERR') throw error;
      throw hostError(error, path);
    } finally {
      parent?.close();
      this.checked.clear();
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function hostPlatform(): FileSource['platform'] {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}
