import { createHash, hash } from 'node:crypto';
import { HostFileError, type FileSource } from '../ports/fileSource';
import type { HostSide, IndexEntry } from './entry';
import type { SyncPlan, Write } from './plan';
import { SMALL_BYTES } from './readSide';
import { padding, tarHeader } from './tarHeader';

/** tar reads whole records of this size from a pipe: an archive that ends on one is consumed to its last byte. */
const RECORD_BYTES = 10_240;
const CHUNK_BYTES = 256 * 1024;
/** Up to this estimate the archive is one buffer, which travels with the command in one write. */
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Times below the second cost 1 KiB a file. They matter for few files between two runs (make compares them), not for thousands. */
const PRECISE_FILES = 512;

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

async function* archive(writes: readonly Write[], source: FileSource, report: PackReport, options: PackOptions): AsyncGenerator<Buffer> {
  const precise = writes.length <= PRECISE_FILES;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let total = 0;
  let files = 0;
  const add = (...parts: Buffer[]): void => {
    for (const part of parts) pendingBytes += part.length;
    pending.push(...parts);
  };
  const take = (): Buffer => {
    const chunk = Buffer.concat(pending, pendingBytes);
    total += pendingBytes;
    pending = [];
    pendingBytes = 0;
    options.onProgress?.({ files, bytes: report.bytes });
    return chunk;
  };
  for (const { path, host } of writes) {
    options.signal?.throwIfAborted();
    try {
      if (host.type !== 'file') add(...tarHeader(path, host, precise));
      else if (host.size <= SMALL_BYTES) add(...smallFile(path, host, source, report, precise));
      else {
        for await (const part of bigFile(path, host, source, report, precise)) {
          options.signal?.throwIfAborted();
          add(part);
          if (pendingBytes >= CHUNK_BYTES) yield take();
        }
      }
    } catch (error) {
      if (!(error instanceof HostFileError)) throw error;
      report.vanished.push(path);
    }
    files++;
    if (pendingBytes >= CHUNK_BYTES) yield take();
  }
  // Two empty blocks end an archive; tar fills the record.
  const length = total + pendingBytes + 1024;
  add(Buffer.alloc(1024 + ((RECORD_BYTES - (length % RECORD_BYTES)) % RECORD_BYTES)));
  yield take();
}

function smallFile(path: string, host: HostSide, source: FileSource, report: PackReport, precise: boolean): Buffer[] {
  const content = source.readSmall(path);
  const sha256 = hash('sha256', content, 'hex');
  note(report, { path, sha256, size: content.length }, host);
  return [...tarHeader(path, { ...host, size: content.length }, precise), content, padding(content.length)];
}

/** The header promises a length before the content is read: what grows is cut there, what shrinks is padded. */
async function* bigFile(path: string, host: HostSide, source: FileSource, report: PackReport, precise: boolean): AsyncGenerator<Buffer> {
  const size = source.stat(path)?.size;
  if (size === undefined) throw new HostFileError('absent', path);
  const chunks = source.readBig(path)[Symbol.asyncIterator]();
  // Nothing is promised before the first bytes are there: until then it may still be left out.
  let next = await chunks.next();
  yield* tarHeader(path, { ...host, size }, precise);
  const digest = createHash('sha256');
  let sent = 0;
  try {
    while (!next.done && sent < size) {
      const chunk = next.value.subarray(0, size - sent);
      sent += chunk.length;
      digest.update(chunk);
      yield chunk;
      next = await chunks.next();
    }
  } catch (error) {
    // It stopped being readable half-way.
    if (!(error instanceof HostFileError)) throw error;
  } finally {
    await chunks.return?.();
  }
  if (sent < size) report.unstable.push(path);
  while (sent < size) {
    const zeros = Buffer.alloc(Math.min(CHUNK_BYTES, size - sent));
    sent += zeros.length;
    digest.update(zeros);
    yield zeros;
  }
  yield padding(size);
  note(report, { path, sha256: digest.digest('hex'), size }, host);
}

function note(report: PackReport, sent: Sent, host: HostSide): void {
  report.sent.push(sent);
  report.bytes += sent.size;
  if (sent.sha256 !== host.content) report.changedWhileReading.push(sent.path);
}
