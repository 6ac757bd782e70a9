import type { FileSource } from '../ports/fileSource';
import { hashList } from './insideScan';
import { packDelta, type PackOptions, type PackReport } from './packDelta';
import type { Write } from './plan';

/** A section ends with the first of these that it reaches: each costs a start of tar and one of sha256sum, and the last is hashed when nothing else is left to do. */
const SECTION_FILES = 2000;
const SECTION_BYTES = 16 * 1024 * 1024;

/**
 * A plan's writes as the launcher's `land` takes them: sections of an archive and the list of what must be hashed once that has
 * arrived. Those of one small section are one buffer, which travels with the call. `report` is added to; `onSent` hears that it is
 * complete, while the last section is still being hashed inside.
 */
export async function landing(
  writes: readonly Write[], source: FileSource, report: PackReport, options: PackOptions, onSent: () => void,
): Promise<Buffer | AsyncIterable<Buffer>> {
  const all = [...sections(writes)];
  if (all.length > 1) return streamed(all, source, report, options, onSent);
  const { content } = await packDelta(all[0]!, source, options, report);
  // A big one is made while it is read, and has not begun.
  if (!Buffer.isBuffer(content)) return streamed(all, source, report, options, onSent);
  onSent();
  return Buffer.concat([content, listOf(report, 0, true)]);
}

async function* streamed(
  all: ReadonlyArray<readonly Write[]>, source: FileSource, report: PackReport, options: PackOptions, onSent: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  let files = 0;
  for (const [at, section] of all.entries()) {
    const sent = report.sent.length;
    const before = files;
    const onProgress = (done: { files: number; bytes: number }) => options.onProgress?.({ files: before + done.files, bytes: done.bytes });
    const { content } = await packDelta(section, source, { onProgress, signal: options.signal }, report);
    if (Buffer.isBuffer(content)) yield content;
    else yield* content;
    yield listOf(report, sent, at === all.length - 1);
    files += section.length;
  }
  onSent();
}

/** What the launcher reads behind an archive. */
function listOf(report: PackReport, from: number, isLast: boolean): Buffer {
  const list = hashList(report.sent.slice(from).map(({ path }) => path));
  return Buffer.concat([Buffer.from(`${list.length} ${isLast ? 'last' : 'more'}\n`), list]);
}

/** Parents stay before what they hold. */
function* sections(writes: readonly Write[]): Generator<readonly Write[], void, undefined> {
  let start = 0;
  let bytes = 0;
  for (let end = 1; end <= writes.length; end++) {
    bytes += writes[end - 1]!.host.size;
    if (end < writes.length && end - start < SECTION_FILES && bytes < SECTION_BYTES) continue;
    yield writes.slice(start, end);
    start = end;
    bytes = 0;
  }
}
