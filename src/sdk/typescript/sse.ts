import type { RawEvent } from './rawEvent';

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const EMPTY = Buffer.alloc(0);

/**
 * Incremental parser of text/event-stream (HTML standard, 9.2.6) over Buffers. Made for few, long data lines: every byte is
 * looked at by indexOf and copied at most once, and no string is made here. Several data lines are joined by LF. `id` and `retry` are left out; Petri has neither.
 */
export class SseParser {
  /** Pieces of a line that has not ended. */
  #pieces: Buffer[] = [];
  #piecesLength = 0;
  #data: Buffer[] = [];
  #event = '';
  #afterCr = false;
  #atStart = true;
  readonly #longest: number;

  /** @param longest bytes one line may have; push throws RangeError past it, so that a broken peer cannot fill the memory. */
  constructor(longest = 256 * 1024 * 1024) {
    this.#longest = longest;
  }

  /** Takes the next bytes and answers the events that end in them. The bytes must not be written to afterwards. */
  push(chunk: Buffer): RawEvent[] {
    const events: RawEvent[] = [];
    let start = 0;
    if (this.#afterCr && chunk.length > 0) {
      if (chunk[0] === LF) start = 1;
      this.#afterCr = false;
    }
    let nextCr = chunk.indexOf(CR, start);
    while (start < chunk.length) {
      if (nextCr !== -1 && nextCr < start) nextCr = chunk.indexOf(CR, start);
      const nextLf = chunk.indexOf(LF, start);
      const end = nextLf === -1 || (nextCr !== -1 && nextCr < nextLf) ? nextCr : nextLf;
      if (end === -1) break;
      this.#line(this.#complete(chunk.subarray(start, end)), events);
      start = end + 1;
      if (chunk[end] !== CR) continue;
      if (start === chunk.length) this.#afterCr = true;
      else if (chunk[start] === LF) start += 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return events;
  }

  #keep(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#piecesLength += piece.length;
    if (this.#piecesLength > this.#longest) throw new RangeError(`An event's line is longer than ${this.#longest} bytes.`);
  }

  #complete(tail: Buffer): Buffer {
    let line = tail;
    if (this.#pieces.length > 0) {
      this.#pieces.push(tail);
      line = Buffer.concat(this.#pieces);
      this.#pieces = [];
      this.#piecesLength = 0;
    }
    if (this.#atStart) {
      this.#atStart = false;
      if (line.subarray(0, 3).equals(BYTE_ORDER_MARK)) line = line.subarray(3);
    }
    return line;
  }

  #line(line: Buffer, events: RawEvent[]): void {
    if (line.length === 0) return this.#dispatch(events);
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = line.toString('latin1', 0, colon === -1 ? line.length : colon);
    const value = colon === -1 ? EMPTY : line.subarray(line[colon + 1] === 32 ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value.toString('utf8');
  }

  #dispatch(events: RawEvent[]): void {
    const lines = this.#data;
    if (lines.length > 0) events.push({ event: this.#event || 'message', data: lines.length === 1 ? lines[0]! : joined(lines) });
    this.#data = [];
    this.#event = '';
  }
}

function joined(lines: Buffer[]): Buffer {
  const separator = Buffer.from([LF]);
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [separator, line])));
}
