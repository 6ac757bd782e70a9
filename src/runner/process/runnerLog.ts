import { appendFileSync, renameSync, statSync } from 'node:fs';

/** Bytes after which a fresh file is begun; the one before is kept beside it. */
const LONGEST = 2 * 1024 * 1024;

/** The runner's own log. Written at once, so that the last line before an end is there; a full disk loses lines, nothing else. */
export class RunnerLog {
  #size: number;
  #secret: string | undefined;

  constructor(private readonly file: string, private readonly longest = LONGEST) {
    this.#size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Never to be written, whatever error happens to quote it. */
  conceal(secret: string): void {
    this.#secret = secret;
  }

  readonly write = (line: string): void => {
    const safe = this.#secret ? line.replaceAll(this.#secret, '(token)') : line;
    const entry = `${new Date().toISOString()} ${process.pid} ${safe}\n`;
    try {
      if (this.#size > 0 && this.#size + entry.length > this.longest) this.#rotate();
      appendFileSync(this.file, entry, { mode: 0o600 });
      this.#size += Buffer.byteLength(entry);
    } catch {
      // There is nowhere to say it.
    }
  };

  #rotate(): void {
    renameSync(this.file, `${this.file}.1`);
    this.#size = 0;
  }
}
