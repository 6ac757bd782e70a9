/** How a command went, by whatever way it was run. Times are milliseconds from the moment it was asked for. */
export interface Outcome {
  /** NaN when it wrote nothing. */
  firstByteMs: number;
  /** Until its exit code and its last byte were known. */
  exitMs: number;
  code: number | null;
  stdout: Buffer;
}

/** Collects stdout and the times; every way of running a command uses this one. */
export class Stopwatch {
  private readonly start = performance.now();
  private firstByteMs = Number.NaN;
  private readonly chunks: Buffer[] = [];

  take(chunk: Buffer): void {
    if (this.chunks.length === 0) this.firstByteMs = this.now();
    this.chunks.push(chunk);
  }

  now(): number {
    return performance.now() - this.start;
  }

  end(code: number | null): Outcome {
    return { firstByteMs: this.firstByteMs, exitMs: this.now(), code, stdout: Buffer.concat(this.chunks) };
  }
}

/** Throws when the command failed: a time for something that did not happen is no time. */
export function succeeded(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new Error(`The command ended with ${outcome.code}: ${outcome.stdout.toString('utf8', 0, 300)}`);
  return outcome;
}
