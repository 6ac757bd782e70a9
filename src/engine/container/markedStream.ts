/**
 * Splits a byte stream at the launcher's mark: NUL, tag, space, status, newline. Everything before it is the program's and
 * is passed on at once, except a tail that may be the mark's beginning. The tag is random and made for this one call.
 */
export class MarkedStream {
  private readonly mark: Buffer;
  private held: Buffer = Buffer.alloc(0);
  private status: string | undefined;

  constructor(tag: string) {
    this.mark = Buffer.from(`\0${tag} `, 'latin1');
  }

  /** The status text, once the whole mark has been seen. */
  get end(): string | undefined {
    return this.status;
  }

  /** Bytes of the program in this chunk, in order; often the chunk itself, never a copy without need. */
  push(chunk: Buffer): Buffer | undefined {
    if (this.status !== undefined) return undefined;
    const bytes = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    this.held = EMPTY;
    const at = bytes.indexOf(this.mark);
    if (at >= 0) {
      const newline = bytes.indexOf(0x0a, at);
      if (newline >= 0) this.status = bytes.toString('utf8', at + this.mark.length, newline);
      else this.held = bytes.subarray(at);
      return at > 0 ? bytes.subarray(0, at) : undefined;
    }
    const keep = this.possibleStart(bytes);
    if (keep === bytes.length) return bytes;
    this.held = bytes.subarray(keep);
    return keep > 0 ? bytes.subarray(0, keep) : undefined;
  }

  /** What was held back when the stream ended without a mark: it was the program's after all. */
  flush(): Buffer | undefined {
    const rest = this.held;
    this.held = EMPTY;
    return this.status === undefined && rest.length > 0 ? rest : undefined;
  }

  /** Where a proper prefix of the mark starts at the end of `bytes`; its length when there is none. */
  private possibleStart(bytes: Buffer): number {
    let at = Math.max(0, bytes.length - this.mark.length + 1);
    for (;;) {
      at = bytes.indexOf(0, at);
      if (at < 0) return bytes.length;
      const tail = bytes.length - at;
      if (bytes.compare(this.mark, 0, tail, at) === 0) return at;
      at += 1;
    }
  }
}

const EMPTY = Buffer.alloc(0);
