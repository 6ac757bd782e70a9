import { FRAME_HEADER_BYTES, FRAME_KINDS } from '../../protocol/frames';
import type { RawEvent } from './rawEvent';

const LF = 10;
/** Of an event other than output, whose bytes are passed on as they come. */
const LONGEST_EVENT = 256 * 1024 * 1024;

/** Incremental parser of protocol/frames. A program's bytes are slices of what came in, never copied and never waited for. */
export class FrameParser {
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  #left = 0;
  #kind: number = FRAME_KINDS.event;
  #pieces: Buffer[] = [];

  /** Takes the next bytes and answers the events in them. Throws RangeError for what no runner sends. */
  push(chunk: Buffer): RawEvent[] {
    const events: RawEvent[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.#left === 0) {
        at = this.#readHeader(chunk, at);
        continue;
      }
      const slice = chunk.subarray(at, at + this.#left);
      at += slice.length;
      this.#left -= slice.length;
      if (this.#kind !== FRAME_KINDS.event) events.push({ event: 'output', stream: this.#kind === FRAME_KINDS.stderr ? 'stderr' : 'stdout', data: slice });
      else this.#keep(slice, events);
    }
    return events;
  }

  #readHeader(chunk: Buffer, at: number): number {
    const end = Math.min(at + FRAME_HEADER_BYTES - this.#headerBytes, chunk.length);
    chunk.copy(this.#header, this.#headerBytes, at, end);
    this.#headerBytes += end - at;
    if (this.#headerBytes < FRAME_HEADER_BYTES) return end;
    this.#headerBytes = 0;
    this.#kind = this.#header[0]!;
    this.#left = this.#header.readUInt32BE(1);
    if (this.#kind > FRAME_KINDS.stderr || (this.#kind === FRAME_KINDS.event && this.#left > LONGEST_EVENT)) throw new RangeError('The runner sent a frame that is none.');
    return end;
  }

  #keep(slice: Buffer, events: RawEvent[]): void {
    this.#pieces.push(slice);
    if (this.#left > 0) return;
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [];
    const end = whole.indexOf(LF);
    events.push({ event: whole.toString('utf8', 0, end), data: whole.subarray(end + 1) });
  }
}
