import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { cancelled } from '../../engine/async';
import type { RunLog } from '../../engine/ports/runLogs';
import { LONGEST_FRAME, frameHeader } from './frame';
import type { Stream } from './frame';

/** Bytes that may wait in memory before the run has to. */
const HIGH_WATER = 1024 * 1024;
/** What one write takes, by POSIX: IOV_MAX. */
const MOST_PIECES = 1024;
/** What little output there is reaches the file this late, ms: a crash loses no more than that. */
const DELAY = 50;

/** One run's open log. Chunks gather in memory and go to the file in one write at a time. */
export class LogWriter implements RunLog {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #room: number;
  #file: Promise<FileHandle | undefined>;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #writes = 0;
  readonly #followers = new Set<() => void>();

  /** `onFailure` hears once why the log ended early; the run goes on. */
  constructor(path: string, capBytes: number, private readonly onFailure: (error: unknown) => void) {
    this.#room = capBytes;
    this.#file = open(path, 'wx', 0o600).catch((error: unknown) => this.#fail(error));
  }

  append(stream: Stream, chunk: Uint8Array): void | Promise<void> {
    if (this.#closed || this.#room === 0 || chunk.length === 0) return;
    const kept = chunk.subarray(0, this.#room);
    this.#room -= kept.length;
    for (let at = 0; at < kept.length; at += LONGEST_FRAME) {
      const part = kept.subarray(at, at + LONGEST_FRAME);
      this.#waiting.push(frameHeader(stream, part.length), part);
    }
    this.#waitingBytes += kept.length;
    if (this.#waitingBytes >= HIGH_WATER) return this.flush();
    this.#timer ??= setTimeout(() => void this.flush(), DELAY);
  }

  /** Resolves with how often it was written to, once that is more than `seen`; with undefined once it is closed. Rejects when the signal aborts. */
  growth(seen: number, signal: AbortSignal): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (this.#closed) return settle(() => resolve(undefined));
        if (this.#writes > seen) return settle(() => resolve(this.#writes));
        if (signal.aborted) settle(() => reject(cancelled()));
      };
      const settle = (done: () => void) => {
        this.#followers.delete(look);
        signal.removeEventListener('abort', look);
        done();
      };
      this.#followers.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  /** Resolves when the file is there with everything appended so far, or the log has failed. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#waiting.length === 0) return void await this.#file;
    this.#writing = this.#writeWaiting().finally(() => { this.#writing = undefined; });
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#closed = true;
    for (const look of [...this.#followers]) look();
    const file = await this.#file;
    this.#file = Promise.resolve(undefined);
    await file?.close().catch((error: unknown) => this.#fail(error));
  }

  async #writeWaiting(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    const file = await this.#file;
    if (!file) return;
    try {
      await writeAll(file, pieces);
      this.#writes += 1;
      for (const look of [...this.#followers]) look();
    } catch (error) {
      this.#fail(error);
      this.#file = Promise.resolve(undefined);
      await file.close().catch(() => {});
    }
  }

  #fail(error: unknown): undefined {
    this.#room = 0;
    this.onFailure(error);
  }
}

/** A write may take less than it was given, as on a disk that is nearly full. */
async function writeAll(file: FileHandle, pieces: Uint8Array[]): Promise<void> {
  for (let at = 0; at < pieces.length; at += MOST_PIECES) {
    const some = pieces.slice(at, at + MOST_PIECES);
    let { bytesWritten: done } = await file.writev(some);
    if (done === lengthOf(some)) continue;
    for (const rest = Buffer.concat(some); done < rest.length;) done += (await file.write(rest, done)).bytesWritten;
  }
}

function lengthOf(pieces: Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
