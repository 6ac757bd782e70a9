import { HINT_BYTES } from '../imports/outputHints';
import type { RunLog } from '../ports/runLogs';
import type { Emit } from '../service';
import { LastWords } from './lastWords';

/** One run's output on its way to the client and the log: counted, capped, in order, with back-pressure from both. */
export class RunOutput {
  stdoutBytes = 0;
  stderrBytes = 0;
  truncated = false;
  /** Capped or not. */
  readonly lastWords = new LastWords(HINT_BYTES);

  private dropped = false;
  private keptLess = false;

  /** `capBytes`: what is streamed, and kept. `logBytes`: what the log takes, which may be less. */
  constructor(private readonly emit: Emit, private readonly log: RunLog, private readonly capBytes: number, private readonly logBytes: number) {}

  take(stream: 'stdout' | 'stderr', chunk: Buffer): void | Promise<void> {
    const before = this.stdoutBytes + this.stderrBytes;
    if (stream === 'stdout') this.stdoutBytes += chunk.length;
    else this.stderrBytes += chunk.length;
    this.lastWords.take(stream, chunk);
    if (before >= this.capBytes) return this.sayTruncated();
    const room = this.capBytes - before;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    const pauses = [this.log.append(stream, kept), this.emit({ event: 'output', stream, chunk: kept })];
    if (kept.length < chunk.length) pauses.push(this.sayTruncated());
    if (before + kept.length > this.logBytes) pauses.push(this.sayKeptLess());
    const waits = pauses.filter((pause) => pause instanceof Promise);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }

  private sayKeptLess(): void | Promise<void> {
    if (this.keptLess) return;
    this.keptLess = this.truncated = true;
    return this.emit({ event: 'notice', data: { code: 'limit', message: `The log keeps the first ${this.logBytes} bytes of the output; the run goes on.` } });
  }

  private sayTruncated(): void | Promise<void> {
    if (this.dropped) return;
    this.dropped = this.truncated = true;
    return this.emit({ event: 'notice', data: { code: 'limit', message: `Output past ${this.capBytes} bytes is dropped; the run goes on.` } });
  }
}
