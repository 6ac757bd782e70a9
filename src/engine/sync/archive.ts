import { createHash, hash } from 'node:crypto';
import { HostFileError, type FileSource } from '../ports/fileSource';
import type { PackOptions, PackReport, Sent } from './packDelta';
import type { Write } from './plan';
import type { HostSide } from './entry';
import { insideMode, isUnread } from './hostSide';
import { SMALL_BYTES } from './readSide';
import { BLOCK_BYTES, padding, tarHeader, type TarMember } from './tarHeader';

/** tar reads whole records of this size from a pipe: an archive that ends on one is consumed to its last byte. */
const RECORD_BYTES = 10_240;
/** Worth a write to the engine's socket, and less than it holds: there is something to take while the next one is made. */
const CHUNK_BYTES = 64 * 1024;
/** Times below the second cost 1 KiB a file. They matter for few files between two runs (make compares them), not for thousands. */
const PRECISE_FILES = 512;

/** One tar archive of a plan's writes, made while it is read: small files go from the disk straight into the chunk that is sent. */
export class Archive {
  private chunk = Buffer.alloc(0);
  private used = 0;
  private total = 0;
  private files = 0;

  constructor(
    private readonly writes: readonly Write[], private readonly source: FileSource, private readonly report: PackReport, private readonly options: PackOptions,
  ) {}

  /** A chunk is its taker's until the next one is asked for. Throws HostFileError for what is not one file's fault, or the signal's reason. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (const write of this.writes) {
      this.options.signal?.throwIfAborted();
      const header = tarHeader(this.member(write, write.host.size));
      const room = header.length + write.host.size + 1 + BLOCK_BYTES;
      const isBig = write.host.type === 'file' && write.host.size > SMALL_BYTES;
      if (!isBig && this.used + room > this.chunk.length) {
        if (this.used > 0) yield this.full();
        if (room > this.chunk.length) this.chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, room));
      }
      try {
        if (write.host.type !== 'file') this.put(header);
        else if (isBig || !this.putSmall(write, header)) yield* this.bigFile(write);
      } catch (error) {
        if (!(error instanceof HostFileError)) throw error;
        this.report.vanished.push(write.path);
      }
      this.files++;
      this.options.onProgress?.({ files: this.files, bytes: this.report.bytes });
    }
    if (this.used > 0) yield this.full();
    const end = 2 * BLOCK_BYTES;
    yield Buffer.alloc(end + ((RECORD_BYTES - ((this.total + end) % RECORD_BYTES)) % RECORD_BYTES));
  }

  private full(): Buffer {
    const bytes = this.chunk.subarray(0, this.used);
    this.used = 0;
    return this.counted(bytes);
  }

  private counted(bytes: Buffer): Buffer {
    this.total += bytes.length;
    return bytes;
  }

  private put(bytes: Buffer): void {
    this.used += bytes.copy(this.chunk, this.used);
  }

  /** False when it outgrew the place that its stat had promised. */
  private putSmall(write: Write, header: Buffer): boolean {
    const start = this.used + header.length;
    const size = this.source.readInto(write.path, this.chunk.subarray(start, start + write.host.size + 1));
    if (size > write.host.size) return false;
    this.put(size === write.host.size ? header : tarHeader(this.member(write, size)));
    this.note({ path: write.path, sha256: hash('sha256', this.chunk.subarray(start, start + size), 'hex'), size }, write.host);
    this.used = start + size + padding(size);
    this.chunk.fill(0, start + size, this.used);
    return true;
  }

  /** The header promises a length before the content is read: what grows is cut there, what shrinks is padded. */
  private async *bigFile(write: Write): AsyncGenerator<Buffer, void, undefined> {
    const size = this.source.stat(write.path)?.size;
    if (size === undefined) throw new HostFileError('absent', write.path);
    const content = this.source.readBig(write.path)[Symbol.asyncIterator]();
    const digest = createHash('sha256');
    let sent = 0;
    const send = (bytes: Buffer): Buffer => {
      sent += bytes.length;
      digest.update(bytes);
      return this.counted(bytes);
    };
    try {
      // Nothing is promised before the first bytes are there: until then it may still be left out.
      let next = await content.next();
      if (this.used > 0) yield this.full();
      yield this.counted(tarHeader(this.member(write, size)));
      while (!next.done && sent < size) {
        this.options.signal?.throwIfAborted();
        yield send(next.value.subarray(0, size - sent));
        next = await content.next();
      }
    } catch (error) {
      // It stopped being readable half-way.
      if (!(error instanceof HostFileError) || sent === 0) throw error;
    } finally {
      await content.return?.();
    }
    if (sent < size) this.report.unstable.push(write.path);
    while (sent < size) yield send(Buffer.alloc(Math.min(CHUNK_BYTES, size - sent)));
    this.note({ path: write.path, sha256: digest.digest('hex'), size }, write.host);
    yield this.counted(Buffer.alloc(padding(size)));
  }

  private note(sent: Sent, host: HostSide): void {
    this.report.sent.push(sent);
    this.report.bytes += sent.size;
    if (!isUnread(host) && sent.sha256 !== host.content) this.report.changedWhileReading.push(sent.path);
  }

  private member({ path, host }: Write, size: number): TarMember {
    const target = host.type === 'symlink' ? host.content : '';
    // A folder's time is changed by what comes after it.
    const exact = host.type === 'file' ? host.mtimeMs : 0;
    const mtimeMs = this.writes.length <= PRECISE_FILES ? exact : Math.trunc(exact / 1000) * 1000;
    return { path, type: host.type, mode: insideMode(host), size, target, mtimeMs };
  }
}
