import type { FileSource } from '../ports/fileSource';
import { Archive } from './archive';
import type { IndexEntry } from './entry';
import type { SyncPlan, Write } from './plan';

/** Up to this estimate the archive is one buffer, which travels with the command in one write. */
const BUFFER_BYTES = 512 * 1024;

export interface Sent { path: string; sha256: string; size: number }

/** Filled while the archives of a plan are read, complete at the end of the last. */
export interface PackReport {
  /** Regular files in the order of their going, with the hash of exactly the bytes that went. */
  sent: Sent[];
  bytes: number;
  /** Other bytes than the scan read. What was sent is what the index gets. */
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

export function emptyReport(): PackReport {
  return { sent: [], bytes: 0, changedWhileReading: [], unstable: [], vanished: [] };
}

export interface PackedDelta {
  /** A whole number of tar records. */
  content: Buffer | AsyncIterable<Buffer>;
  report: PackReport;
}

/**
 * Writes of a plan as a tar archive, each file read once. A big one is made while it is consumed and waits for its consumer;
 * its iterator throws HostFileError for what is not one file's fault, or the signal's reason; a chunk is its taker's until the next
 * one is asked for. `report` is added to.
 */
export async function packDelta(writes: readonly Write[], source: FileSource, options: PackOptions = {}, report = emptyReport()): Promise<PackedDelta> {
  const stream = new Archive(writes, source, report, options).chunks();
  const estimate = writes.reduce((sum, { host }) => sum + host.size + 2048, 0);
  if (estimate > BUFFER_BYTES) return { content: stream, report };
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return { content: Buffer.concat(chunks), report };
}

/** The plan's `after` with what packing found out. A path that vanished keeps what the index has of it, to be seen again by the next scan. */
export function afterPacking(plan: SyncPlan, index: ReadonlyMap<string, IndexEntry>, report: PackReport): Map<string, IndexEntry | undefined> {
  const after = new Map(plan.after);
  const odd = new Set([...report.changedWhileReading, ...report.unstable]);
  for (const { path, sha256, size } of report.sent) {
    const entry = after.get(path)!;
    if (entry.host!.content === sha256 && !odd.has(path)) continue;
    // Racy: the stat is older than the content.
    const racy = entry.host!.racy || odd.has(path) || size !== entry.host!.size;
    after.set(path, { host: { ...entry.host!, content: sha256, size, racy }, box: { ...entry.box!, content: sha256, size } });
  }
  const removed = new Set([...plan.deletes, ...plan.deleteFolders, ...plan.keeps.map(({ from }) => from)]);
  for (const path of report.vanished) {
    const known = index.get(path);
    const box = removed.has(path) ? undefined : known?.box;
    after.set(path, known?.host || box ? { host: known?.host, box } : undefined);
  }
  return after;
}
