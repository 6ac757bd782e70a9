import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../ports/clock';
import type { RunLog } from '../ports/runLogs';
import type { Emit } from '../service';
import type { InstallStep } from './adapter';

const TAIL_CHARACTERS = 64 * 1024;
const TELL_EVERY_MS = 100;
const MOST_REMARKS = 10;
const LONGEST_REMARK = 1000;
const MOST_REGISTRIES = 100;
/** What one install may say; the rest is dropped, like a run's. */
export const INSTALL_LOG_BYTES = 64 * 1024 * 1024;
/** Room in the log for saying so. */
const LAST_WORDS = '\n--- What else the install said is dropped.\n';

/** What an install says: to its log, to the client as events of their own, and the end of it kept to explain a failure by. */
export class InstallOutput {
  /** Addresses that a tool said it downloads from. */
  readonly registries: string[] = [];
  private decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  private partial = { stdout: '', stderr: '' };
  private tailText = '';
  private left = INSTALL_LOG_BYTES - LAST_WORDS.length;
  private next = 0;
  private readonly remarks = new Set<string>();

  constructor(private readonly setId: string, private readonly emit: Emit, private readonly log: RunLog, private readonly clock: Clock) {}

  get tail(): string {
    return this.tailText;
  }

  /** A line of our own. */
  say(line: string): void | Promise<void> {
    return this.pass('stderr', Buffer.from(`${line}\n`), `${line}\n`);
  }

  /** A returned promise is back-pressure. */
  take(step: InstallStep, stream: 'stdout' | 'stderr', chunk: Buffer): void | Promise<void> {
    const text = this.decoders[stream].write(chunk);
    this.tailText = (this.tailText + text).slice(-TAIL_CHARACTERS);
    const lines = (this.partial[stream] + text).split(/\r\n|\n|\r/);
    this.partial[stream] = (lines.pop() ?? '').slice(-4096);
    for (const line of lines) {
      this.progress(step, line);
      this.remark(step, line);
      if (step.registries && this.registries.length < MOST_REGISTRIES) this.registries.push(...step.registries(line));
    }
    return this.pass(stream, chunk, text);
  }

  private progress(step: InstallStep, line: string): void {
    const seen = step.progress?.(line);
    if (!seen || this.clock.monotonic() < this.next) return;
    this.next = this.clock.monotonic() + TELL_EVERY_MS;
    void this.emit({ event: 'progress', data: { stage: 'dependencies', ...seen, ...(seen.done !== undefined && { unit: 'packages' as const }) } });
  }

  /** Each once, and the first few: the log has all. */
  private remark(step: InstallStep, line: string): void {
    const found = step.remark?.(line);
    if (found === undefined || this.remarks.size > MOST_REMARKS) return;
    const message = this.remarks.size === MOST_REMARKS ? 'There is more like this: petri deps --log shows all.' : found.slice(0, LONGEST_REMARK);
    if (this.remarks.has(message)) return;
    this.remarks.add(message);
    void this.emit({ event: 'notice', data: { code: 'dependencies', message } });
  }

  private pass(stream: 'stdout' | 'stderr', chunk: Buffer, text: string): void | Promise<void> {
    if (this.left <= 0) return;
    this.left -= chunk.length;
    if (this.left <= 0) return this.tell(stream, Buffer.from(LAST_WORDS), LAST_WORDS);
    return this.tell(stream, chunk, text);
  }

  private tell(stream: 'stdout' | 'stderr', chunk: Buffer, text: string): void | Promise<void> {
    const pauses = [this.log.append(stream, chunk), this.emit({ event: 'install', data: { dependency_set: this.setId, text } })];
    const waits = pauses.filter((pause) => pause instanceof Promise);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }
}
