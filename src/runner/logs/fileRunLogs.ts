import { existsSync, mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PetriError } from '../../engine/errors';
import type { RunLog, RunLogs } from '../../engine/ports/runLogs';
import { LogWriter } from './logWriter';
import { readLog } from './readLog';
import type { Stream } from './frame';

const RUN_ID = /^(run|dep)_[0-9a-f]{32}$/;
const FILE_NAME = /^((?:run|dep)_[0-9a-f]{32})\.log$/;

/** The logs as files of one folder, which only the user may enter: what programs print can be secret. */
export class FileRunLogs implements RunLogs {
  readonly #open = new Map<string, LogWriter>();

  /** `onFailure` hears why a log ended early, e.g. of a full disk. */
  constructor(private readonly folder: string, private readonly onFailure: (runId: string, error: unknown) => void = () => {}) {}

  create(runId: string, capBytes: number): RunLog {
    const path = this.#path(runId);
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      // Without its folder the log fails on its own, which the run survives.
      this.onFailure(runId, error);
    }
    const writer = new LogWriter(path, capBytes, (error) => this.onFailure(runId, error));
    this.#open.set(runId, writer);
    return {
      append: (stream, chunk) => writer.append(stream, chunk),
      close: () => writer.close().finally(() => this.#open.delete(runId)),
    };
  }

  read(runId: string, { from = 0, follow }: { from?: number; follow?: AbortSignal } = {}): AsyncIterable<{ stream: Stream; chunk: Buffer }> | undefined {
    const path = this.#path(runId);
    const writer = this.#open.get(runId);
    if (!writer && !existsSync(path)) return undefined;
    return readFrom(path, from, writer, follow);
  }

  async remove(runId: string): Promise<void> {
    await rm(this.#path(runId), { force: true });
  }

  async sizes(): Promise<Map<string, number>> {
    const sizes = new Map<string, number>();
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names) {
      const runId = FILE_NAME.exec(name)?.[1];
      // One may be removed meanwhile.
      const size = runId && (await stat(join(this.folder, name)).catch(() => undefined))?.size;
      if (runId && size !== undefined) sizes.set(runId, Number(size));
    }
    return sizes;
  }

  #path(runId: string): string {
    if (!RUN_ID.test(runId)) throw new PetriError('bad-request', `${JSON.stringify(runId)} is no id of a run or an install.`);
    return join(this.folder, `${runId}.log`);
  }
}

async function* readFrom(path: string, from: number, writer: LogWriter | undefined, follow: AbortSignal | undefined): AsyncGenerator<{ stream: Stream; chunk: Buffer }, void, undefined> {
  await writer?.flush();
  // A log that could not be made has no file.
  if (!existsSync(path)) return;
  let skip = from < 0 ? Math.max(0, await contentLength(path) + from) : from;
  const more = follow && writer && ((seen: number) => writer.growth(seen, follow));
  for await (const frame of readLog(path, more)) {
    const chunk = frame.chunk.subarray(Math.min(skip, frame.chunk.length));
    skip -= frame.chunk.length - chunk.length;
    if (chunk.length > 0) yield { stream: frame.stream, chunk };
  }
}

async function contentLength(path: string): Promise<number> {
  let length = 0;
  for await (const { chunk } of readLog(path)) length += chunk.length;
  return length;
}
