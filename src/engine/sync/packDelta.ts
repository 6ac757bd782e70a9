import { createHash, hash } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { pack, type Pack } from 'tar-stream';
import { HostFileError, type FileSource } from '../ports/fileSource';
import type { HostSide, IndexEntry } from './entry';
import type { SyncPlan, Write } from './plan';
import { insideMode } from './hostSide';
import { SMALL_BYTES } from './readSide';

type Header = Parameters<Pack['entry']>[0];

/** tar reads whole records of this size from a pipe: an archive that ends on one is consumed to its last byte. */
const RECORD_BYTES = 10_240;
const CHUNK_BYTES = 256 * 1024;
/** Up to this estimate the archive is one buffer, which travels with the command in one write. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Times below the second cost 1 KiB a file. They matter for few files between two runs (make compares them), not for thousands. */
const PRECISE_FILES = 512;
const LAST_MS = 0x7fffffff * 1000;

export interface Sent { path: string; sha256: string; size: number }

/** Filled while the archive is read, complete at its end. */
export interface PackReport {
  /** Regular files in the archive's order, with the hash of exactly the bytes in it. */
  sent: Sent[];
  bytes: number;
  /** Other bytes than the scan saw. What was sent is what the index gets. */
  changedWhileReading: string[];
  /** Got shorter while it was read: padded with zeros, never a state the host had. To be sent again. */
  unstable: string[];
  /** Gone or unreadable by now: not in the archive. */
  vanished: string[];
}

export interface PackOptions {
  onProgress?: (done: { files: number; bytes: number }) => void;
  signal?: AbortSignal;
}

export interface PackedDelta {
  /** A whole number of tar records. */
  content: Buffer | AsyncIterable<Buffer>;
  report: PackReport;
}

/**
 * The plan's writes as a tar archive, each file read once. A big one is made while it is consumed and waits for its
 * consumer; its iterator throws HostFileError for what is not one file's fault, or the signal's reason.
 */
export async function packDelta(writes: readonly Write[], source: FileSource, options: PackOptions = {}): Promise<PackedDelta> {
  const report: PackReport = { sent: [], bytes: 0, changedWhileReading: [], unstable: [], vanished: [] };
  const stream = archive(writes, source, report, options);
  const estimate = writes.reduce((sum, { host }) => sum + host.size + 2048, 0);
  if (estimate > BUFFER_BYTES) return { content: stream, report };
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return { content: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), report };
}

/** The plan's `after` with what packing found out. A path that vanished keeps what the index has of it, to be seen again by the next scan. */
export function afterPacking(plan: SyncPlan, index: ReadonlyMap<string, IndexEntry>, report: PackReport): Map<string, IndexEntry | undefined> {
  const after = new Map(plan.after);
  const hashes = new Map(report.sent.map((sent) => [sent.path, sent]));
  const odd = new Set([...report.changedWhileReading, ...report.unstable]);
  for (const path of odd) {
    const { sha256, size } = hashes.get(path)!;
    const entry = after.get(path)!;
    // Racy: the stat is older than the content.
    after.set(path, { host: { ...entry.host!, content: sha256, size, racy: true }, box: { ...entry.box!, content: sha256, size } });
  }
  const removed = new Set([...plan.deletes, ...plan.deleteFolders, ...plan.keeps.map(({ from }) => from)]);
  for (const path of report.vanished) {
    const known = index.get(path);
    const box = removed.has(path) ? undefined : known?.box;
    after.set(path, known?.host || box ? { host: known?.host, box } : undefined);
  }
  return after;
}

/** The library's archive, in chunks worth a write to the engine's socket, filled up to a whole record. */
async function* archive(writes: readonly Write[], source: FileSource, report: PackReport, options: PackOptions): AsyncGenerator<Buffer> {
  const tar = pack({ highWaterMark: CHUNK_BYTES });
  fill(tar, writes, source, report, options).then(() => tar.finalize(), (error: Error) => tar.destroy(error));
  let parts: Buffer[] = [];
  let bytes = 0;
  let total = 0;
  for await (const part of tar as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    total += part.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(parts, bytes);
    parts = [];
    bytes = 0;
  }
  yield Buffer.concat([...parts, Buffer.alloc((RECORD_BYTES - (total % RECORD_BYTES)) % RECORD_BYTES)]);
}

async function fill(tar: Pack, writes: readonly Write[], source: FileSource, report: PackReport, options: PackOptions): Promise<void> {
  const precise = writes.length <= PRECISE_FILES;
  let files = 0;
  for (const { path, host } of writes) {
    options.signal?.throwIfAborted();
    const header = headerOf(path, host, precise);
    try {
      if (host.type !== 'file') await put(tar, header);
      else if (host.size <= SMALL_BYTES) await smallFile(tar, header, path, host, source, report);
      else await bigFile(tar, header, path, host, source, report, options.signal);
    } catch (error) {
      if (!(error instanceof HostFileError)) throw error;
      report.vanished.push(path);
    }
    files++;
    options.onProgress?.({ files, bytes: report.bytes });
  }
}

function headerOf(path: string, host: HostSide, precise: boolean): Header {
  const header = { name: path, mode: insideMode(host) };
  if (host.type === 'folder') return { ...header, type: 'directory', mtime: new Date(0) };
  if (host.type === 'symlink') return { ...header, type: 'symlink', linkname: host.content, mtime: new Date(0) };
  // The library's field holds 1970 to 2038 in whole seconds. What is below the second matters for few files between two runs.
  const mtimeMs = Math.min(Math.max(0, host.mtimeMs), LAST_MS);
  const exact = precise && (mtimeMs !== host.mtimeMs || mtimeMs % 1000 !== 0);
  const pax = exact ? { mtime: (host.mtimeMs / 1000).toFixed(6) } : undefined;
  return { ...header, type: 'file', mtime: new Date(mtimeMs), ...(pax && { pax }) };
}

/** Settles when the archive's reader has taken enough of it. */
function put(tar: Pack, header: Header, content?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    if (content) tar.entry(header, content, done);
    else tar.entry(header, done);
  });
}

async function smallFile(tar: Pack, header: Header, path: string, host: HostSide, source: FileSource, report: PackReport): Promise<void> {
  const content = source.readSmall(path);
  note(report, { path, sha256: hash('sha256', content, 'hex'), size: content.length }, host);
  await put(tar, { ...header, size: content.length }, content);
}

/** The header promises a length before the content is read: what grows is cut there, what shrinks is padded. */
async function bigFile(tar: Pack, header: Header, path: string, host: HostSide, source: FileSource, report: PackReport, signal?: AbortSignal): Promise<void> {
  const size = source.stat(path)?.size;
  if (size === undefined) throw new HostFileError('absent', path);
  const chunks = source.readBig(path)[Symbol.asyncIterator]();
  // Nothing is promised before the first bytes are there: until then it may still be left out.
  let next = await chunks.next();
  let written!: (error?: Error | null) => void;
  const over = new Promise<void>((resolve, reject) => (written = (error) => (error ? reject(error) : resolve())));
  // A stream like any other, whatever its typings leave out.
  const entry = tar.entry({ ...header, size }, written) as unknown as Writable;
  const digest = createHash('sha256');
  let sent = 0;
  const send = async (chunk: Buffer) => {
    sent += chunk.length;
    digest.update(chunk);
    if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), over]);
  };
  try {
    while (!next.done && sent < size) {
      signal?.throwIfAborted();
      await send(next.value.subarray(0, size - sent));
      next = await chunks.next();
    }
  } catch (error) {
    // It stopped being readable half-way.
    if (!(error instanceof HostFileError)) throw error;
  } finally {
    await chunks.return?.();
  }
  if (sent < size) report.unstable.push(path);
  while (sent < size) await send(Buffer.alloc(Math.min(CHUNK_BYTES, size - sent)));
  note(report, { path, sha256: digest.digest('hex'), size }, host);
  entry.end();
  await over;
}

function note(report: PackReport, sent: Sent, host: HostSide): void {
  report.sent.push(sent);
  report.bytes += sent.size;
  if (sent.sha256 !== host.content) report.changedWhileReading.push(sent.path);
}
