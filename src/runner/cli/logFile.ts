import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StringDecoder } from 'node:string_decoder';

const LOOK_EVERY_MS = 250;
const MOST_AT_ONCE = 4 * 1024 * 1024;

/** A log that another process appends to, and may replace by a fresh one. */
export class LogFile {
  #read = 0;
  #decoder = new StringDecoder('utf8');

  constructor(private readonly path: string) {}

  /** The last lines of what is there; '' when there is no file. */
  lastLines(most: number): string {
    const text = this.#take(MOST_AT_ONCE);
    const lines = text.split(/(?<=\n)/);
    return lines.slice(-most).join('');
  }

  /** What is appended from now on, until the signal aborts. */
  async *follow(signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    while (!signal.aborted) {
      const text = this.#take(Number.POSITIVE_INFINITY);
      if (text !== '') yield text;
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** What was not read yet, of it at most the last bytes. */
  #take(most: number): string {
    let file;
    try {
      file = openSync(this.path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
    try {
      const { size } = fstatSync(file);
      if (size < this.#read) this.#read = 0;
      const start = Math.max(this.#read, size - most);
      const bytes = Buffer.alloc(Math.min(size - start, MOST_AT_ONCE));
      const length = readSync(file, bytes, 0, bytes.length, start);
      this.#read = start + length;
      return this.#decoder.write(bytes.subarray(0, length));
    } finally {
      closeSync(file);
    }
  }
}
