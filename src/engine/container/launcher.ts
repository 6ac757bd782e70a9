import { randomBytes } from 'node:crypto';
import { PetriError } from '../errors';
import type { Attachment } from '../ports/containerEngine';
import type { Clock } from '../ports/clock';
import { MarkedStream } from './markedStream';
import { exportLine, shellWords } from './shellQuote';

/** What the launcher says when the user's command is over. Hints, not evidence: the command ran beside it. */
export interface EndReport { exitCode: number; why: string; oomKills: number; fullDisk: string }

/** The user's command, and what has to be in place for it. */
export interface Command {
  argv: readonly string[]; cwd: string; env: Readonly<Record<string, string>>; stdin: boolean;
  /** Folders in front of the image's PATH. A PATH in `env` replaces both. */
  path?: string;
  links?: ReadonlyArray<{ path: string; target: string }>;
  caches?: readonly string[];
  copies?: ReadonlyArray<{ from: string; to: string }>;
}

export type Payload = Buffer | AsyncIterable<Uint8Array>;
type Consumer = (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>;

/** A call to the launcher that came back with a status other than 0. */
export class LauncherFailure extends Error {
  constructor(readonly call: string, readonly status: number, readonly complaint: string, readonly output: Buffer = Buffer.alloc(0)) {
    super(`${call} ended with ${status}: ${complaint.slice(0, 2000)}`);
    this.name = 'LauncherFailure';
  }
}

/** How long a call may be silent, and take nothing of what it is sent. Long work is hashing and unpacking gigabytes; anything else is a hostile file in the way. */
const CALL_TIMEOUT_MS = 600_000;

/**
 * The runner's end of src/inside/launcher.sh: calls before the run, and the run. Calls are answered in order, one at a time.
 */
export class Launcher {
  private queue: Promise<unknown> = Promise.resolve();
  private consumer: Consumer = () => undefined;
  private onGone: () => void = () => undefined;
  private gone = false;
  /** True once user code was started in this container; nothing it says is trusted after that. */
  private used = false;

  constructor(readonly containerId: string, private readonly attachment: Attachment, private readonly clock: Clock) {
    attachment.onOutput((stream, chunk) => this.consumer(stream, chunk));
    void attachment.closed.then(() => {
      this.gone = true;
      this.onGone();
    });
  }

  get closed(): Promise<void> {
    return this.attachment.closed;
  }

  get usable(): boolean {
    return !this.gone && !this.used;
  }

  /**
   * One call of the launcher's; words are quoted here. Answers what it wrote to stdout.
   * Throws LauncherFailure on a non-zero status, PetriError engine-failed when the container is gone or silent.
   */
  async call(name: string, words: readonly string[] = [], payload?: Payload, options: { timeoutMs?: number } = {}): Promise<Buffer> {
    const chunks: Buffer[] = [];
    try {
      await this.stream(name, words, payload, (chunk) => void chunks.push(chunk), options);
    } catch (error) {
      if (error instanceof LauncherFailure) throw new LauncherFailure(name, error.status, error.complaint, Buffer.concat(chunks));
      throw error;
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  /** As `call`, with stdout handed on as it comes. */
  stream(name: string, words: readonly string[], payload: Payload | undefined, sink: (chunk: Buffer) => void | Promise<void>,
    options: { timeoutMs?: number } = {}): Promise<void> {
    const work = this.queue.then(() => this.exchange(name, words, payload, sink, options.timeoutMs ?? CALL_TIMEOUT_MS));
    this.queue = work.catch(() => undefined);
    return work;
  }

  private async exchange(name: string, words: readonly string[], payload: Payload | undefined,
    sink: (chunk: Buffer) => void | Promise<void>, timeoutMs: number): Promise<void> {
    if (!this.usable) throw lost();
    const tag = newTag();
    const marked = new MarkedStream(tag);
    const complaints: Buffer[] = [];
    let stop = () => {};
    let alive = () => {};
    const ended = new Promise<string>((resolve, reject) => {
      const giveUp = () => {
        this.destroy();
        reject(new PetriError('engine-failed', `The sandbox did not answer "${name}" in ${timeoutMs / 1000} s.`, { action: 'Run again; reset the sandbox if it stays so.' }));
      };
      alive = () => {
        stop();
        stop = this.clock.after(timeoutMs, giveUp);
      };
      alive();
      this.consumer = (stream, chunk) => {
        if (stream === 'stderr') return void (complaints.length < 64 && complaints.push(chunk));
        const bytes = marked.push(chunk);
        const pause = bytes && sink(bytes);
        if (marked.end !== undefined) resolve(marked.end);
        return pause;
      };
      this.onGone = () => reject(lost());
    });
    ended.catch(() => undefined);
    try {
      const line = Buffer.from(`${tag} ${name}${words.length > 0 ? ' ' + shellWords(words) : ''}\n`);
      if (payload === undefined || Buffer.isBuffer(payload)) await this.send(line, payload);
      else await this.feed(line, payload, () => marked.end !== undefined, alive);
      const status = Number(await ended);
      if (status !== 0) throw new LauncherFailure(name, status, Buffer.concat(complaints).toString('utf8'));
    } finally {
      stop();
      this.onGone = () => undefined;
      this.consumer = () => undefined;
    }
  }

  /** Line and payload in one write where they are small: one trip. */
  private async send(line: Buffer, payload: Buffer = Buffer.alloc(0)): Promise<void> {
    if (payload.length <= 1 << 20) return this.attachment.write(Buffer.concat([line, payload]));
    await this.attachment.write(line);
    return this.attachment.write(payload);
  }

  /** An answer before the end of the payload is a failure. What breaks off in the middle leaves a launcher that waits for the rest: it goes. */
  private async feed(line: Buffer, payload: AsyncIterable<Uint8Array>, answered: () => boolean, alive: () => void): Promise<void> {
    let complete = false;
    try {
      await this.attachment.write(line);
      for await (const chunk of payload) {
        await this.attachment.write(chunk);
        if (answered()) return;
        alive();
      }
      complete = true;
    } finally {
      if (!complete) this.destroy();
    }
  }

  /**
   * Starts the user's command. `consume` gets its bytes, exactly; a returned promise is back-pressure. The promise settles
   * with the launcher's report once the end was marked on both streams, or with undefined when the container ended without it.
   */
  async run(command: Command, consume: Consumer): Promise<{ ended: Promise<EndReport | undefined> }> {
    await this.queue;
    if (!this.usable) throw lost();
    this.used = true;
    const tag = newTag();
    const marked = { stdout: new MarkedStream(tag), stderr: new MarkedStream(tag) };
    const ended = new Promise<EndReport | undefined>((resolve) => {
      this.consumer = (stream, chunk) => {
        const bytes = marked[stream].push(chunk);
        const pause = bytes && consume(stream, bytes);
        if (marked.stdout.end === undefined || marked.stderr.end === undefined) return pause;
        // An end mark may overtake the other stream's last bytes: over is when both have ended and all was taken.
        const report = parseEnd(marked.stdout.end);
        if (pause) void pause.then(() => resolve(report));
        else resolve(report);
        return pause;
      };
      this.onGone = () => void (async () => {
        for (const stream of ['stdout', 'stderr'] as const) {
          const rest = marked[stream].flush();
          if (rest) await consume(stream, rest);
        }
        resolve(marked.stdout.end === undefined ? undefined : parseEnd(marked.stdout.end));
      })();
    });
    await this.attachment.write(Buffer.from(`${tag} ${preparation(command)}run ${shellWords([command.cwd, command.stdin ? 'input' : 'none', ...command.argv])}\n`));
    return { ended };
  }

  writeInput(chunk: Uint8Array): Promise<void> {
    return this.gone ? Promise.resolve() : this.attachment.write(chunk);
  }

  endInput(): void {
    if (!this.gone) this.attachment.endInput();
  }

  destroy(): void {
    this.gone = true;
    this.attachment.destroy();
  }
}

function preparation({ env, path, links = [], caches = [], copies = [] }: Command): string {
  const calls = [exportLine(env, path)];
  if (caches.length > 0) calls.push(`caches ${shellWords(caches)}; `);
  if (copies.length > 0) calls.push(`copies ${shellWords(copies.flatMap(({ from, to }) => [from, to]))}; `);
  if (links.length > 0) calls.push(`links ${shellWords(links.flatMap(({ path: place, target }) => [place, target]))}; `);
  return calls.join('');
}

function newTag(): string {
  return `petri${randomBytes(16).toString('hex')}`;
}

function lost(): PetriError {
  return new PetriError('engine-failed', 'The container went away.', { action: 'Run again; if it stays so, look at the engine.' });
}

function parseEnd(status: string): EndReport {
  const [code = '', why = '', oom = '', ...disk] = status.split(' ');
  return { exitCode: Number(code), why, oomKills: Number(oom) || 0, fullDisk: disk.join(' ') };
}
