import type { Launcher } from '../container/launcher';
import { LauncherFailure } from '../container/launcher';
import { sameEntry, type BoxSide, type Index } from './entry';

/** What a launcher that no user code shared a container with found in the workspace, against what the index says. */
export interface InsideScan {
  /** Every path whose box side must be replaced; undefined: it is gone. Includes mere stat changes. */
  updates: Map<string, BoxSide | undefined>;
  /** Real differences, by path. */
  created: string[]; changed: string[]; deleted: string[];
  /** Names that are no valid UTF-8; they stay in the sandbox, out of sync and receipt. */
  unnameable: string[];
  files: number; bytes: number;
}

interface Found { path: string; type: 'file' | 'folder' | 'symlink'; mode: number; size: number; stat: string; target: string }

/** Paths a single call hashes: bounds the memory of the answer, not the work. */
const HASH_BATCH = 4000;

/**
 * Looks through the workspace. Content is read again only where the stat differs from the index (ctime cannot be forged by
 * the sandbox's user) or was not seen yet. `shifting`: runs are still active, so what just changed is looked at again next time.
 * `everything`: reads all content, believing no stat.
 */
export async function scanInside(launcher: Launcher, index: Index, options: { shifting: boolean; everything?: boolean; onProgress?: (done: number, total: number) => void }): Promise<InsideScan> {
  const { found, unnameable } = parseScan(await launcher.call('scan'));
  const scan: InsideScan = { updates: new Map(), created: [], changed: [], deleted: [], unnameable, files: 0, bytes: 0 };
  const toHash: Found[] = [];
  const seen = new Set<string>();

  const settle = (entry: Found, content: string) => {
    const before = index.get(entry.path)?.box;
    const box: BoxSide = {
      type: entry.type, mode: entry.type === 'symlink' ? 0o777 : entry.mode, size: entry.type === 'file' ? entry.size : 0, content,
      stat: options.shifting ? '' : entry.stat,
    };
    scan.updates.set(entry.path, box);
    if (!before) scan.created.push(entry.path);
    else if (!sameEntry(before, box)) scan.changed.push(entry.path);
  };

  for (const entry of found) {
    seen.add(entry.path);
    if (entry.type === 'file') {
      scan.files += 1;
      scan.bytes += entry.size;
    }
    const before = index.get(entry.path)?.box;
    if (before && before.stat === entry.stat && before.stat !== '' && !options.everything) continue;
    if (entry.type === 'file') toHash.push(entry);
    else settle(entry, entry.target);
  }
  for (let start = 0; start < toHash.length; start += HASH_BATCH) {
    const batch = toHash.slice(start, start + HASH_BATCH);
    const hashes = await hashInside(launcher, batch.map((entry) => entry.path));
    for (const entry of batch) settle(entry, hashes.get(entry.path) ?? UNREADABLE);
    options.onProgress?.(Math.min(start + HASH_BATCH, toHash.length), toHash.length);
  }
  for (const [path, { box }] of index) {
    if (!box || seen.has(path)) continue;
    scan.updates.set(path, undefined);
    scan.deleted.push(path);
  }
  return scan;
}

/** Content of a file the sandbox's own user may not read. */
export const UNREADABLE = 'unreadable';

/** sha256 by path of what the workspace holds now; a path that cannot be read is absent. */
export async function hashInside(launcher: Launcher, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const list = hashList(paths);
  try {
    return parseHashes(await launcher.call('hashes', [String(list.length)], list));
  } catch (error) {
    // xargs ends with 123 when one file could not be read; the launcher's answer for the others is needed all the same.
    if (!(error instanceof LauncherFailure)) throw error;
    return parseHashes(error.output);
  }
}

/** The files to hash, in the launcher's payload form: none can be taken for an option, nor for stdin. */
export function hashList(paths: readonly string[]): Buffer {
  return nulList(paths.map((path) => `./${path}`));
}

/** What sha256sum says of them, by path. */
export function parseHashes(output: Buffer): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const line of splitNul(output)) {
    const text = line.toString('utf8');
    const path = text.slice(66); // 64 hex digits, two separators
    if (path.startsWith('./')) hashes.set(path.slice(2), text.slice(0, 64));
  }
  return hashes;
}

/** The launcher's payload form of a list of paths. */
export function nulList(paths: readonly string[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''), 'utf8');
}

const TYPES: Record<string, Found['type'] | undefined> = { f: 'file', d: 'folder', l: 'symlink' };

function parseScan(output: Buffer): { found: Found[]; unnameable: string[] } {
  const found: Found[] = [];
  const unnameable: string[] = [];
  let at = 0;
  const field = (): string => {
    const end = output.indexOf(0, at);
    const text = output.toString('utf8', at, end < 0 ? output.length : end);
    at = end < 0 ? output.length : end + 1;
    return text;
  };
  while (at < output.length) {
    const head = field();
    const path = field();
    const target = field();
    const [letter = '', octal = '', size = '', mtime = '', ctime = '', inode = ''] = head.split(' ');
    const type = TYPES[letter];
    if (!type) continue; // sockets, FIFOs, devices: nothing to sync
    if (type === 'symlink' && leadsIntoDependencies(target)) continue;
    if (path.includes('\uFFFD') || target.includes('\uFFFD')) {
      unnameable.push(path);
      continue;
    }
    const mode = parseInt(octal, 8) & 0o777;
    found.push({ path, type, mode: type === 'folder' ? mode | 0o700 : mode, size: Number(size), target: type === 'symlink' ? target : '', stat: `${mtime}:${ctime}:${inode}:${size}:${octal}` });
  }
  return { found, unnameable };
}

/** The launcher's own links, made for runs: no change of theirs. Whatever else leads there shows nothing but what was installed. */
function leadsIntoDependencies(target: string): boolean {
  return target.startsWith('/sandbox/deps/') && !target.split('/').includes('..');
}

function* splitNul(bytes: Buffer): Generator<Buffer> {
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(0, at);
    if (end < 0) return;
    yield bytes.subarray(at, end);
    at = end + 1;
  }
}
