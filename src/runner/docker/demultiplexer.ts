export type Stream = 'stdout' | 'stderr';
export type Consumer = (stream: Stream, chunk: Buffer) => void | Promise<void>;

const HEADER = 8;

/**
 * Takes the engine's framed stream apart: one byte for the stream, three zeros, four for the length, then that many bytes.
 * Frames and headers may be split anywhere. Hands on slices of what came in, without copying and without waiting for a
 * frame's end; a promise of the consumer stops the work in the middle of a chunk.
 */
export class Demultiplexer {
  private readonly header = Buffer.alloc(HEADER);
  private headerBytes = 0;
  private frameBytes = 0;
  private stream: Stream = 'stdout';

  constructor(private readonly consume: Consumer) {}

  /** Do not push again before a returned promise settled. It rejects when the consumer's does. */
  push(chunk: Buffer, start = 0): void | Promise<void> {
    let at = start;
    while (at < chunk.length) {
      if (this.frameBytes === 0) {
        at = this.readHeader(chunk, at);
        continue;
      }
      const end = Math.min(at + this.frameBytes, chunk.length);
      const slice = at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end);
      this.frameBytes -= end - at;
      at = end;
      const pending = this.consume(this.stream, slice);
      if (pending) return pending.then(() => this.push(chunk, at));
    }
  }

  private readHeader(chunk: Buffer, at: number): number {
    const end = Math.min(at + HEADER - this.headerBytes, chunk.length);
    chunk.copy(this.header, this.headerBytes, at, end);
    this.headerBytes += end - at;
    if (this.headerBytes === HEADER) {
      this.headerBytes = 0;
      this.stream = this.header[0] === 2 ? 'stderr' : 'stdout';
      this.frameBytes = this.header.readUInt32BE(4);
    }
    return end;
  }
}
