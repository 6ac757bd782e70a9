import { StringDecoder } from 'node:string_decoder';
import type { Disposable } from 'vscode';
import { LineMerge, type Stream } from './lineMerge';

/** Where text ends up: an output channel, or a test. */
export interface TextSink { append(text: string): void }

const BATCH_MS = 50;
/** Past this much text that is not shown yet, the program is held back. */
const HIGH_WATER = 1024 * 1024;
/** An output channel that holds more than this of one run makes the window slow; the run's log has it all. */
const SHOWN_PER_RUN = 16 * 1024 * 1024;

/**
 * Programs' bytes as text in one ordered queue, written in batches. Characters, line ends and lines that were cut apart by
 * chunks are put together again.
 */
export class ProgramOutput implements Disposable {
  #merge = new LineMerge();
  #decoders = newDecoders();
  #pending = '';
  #shown = 0;
  #atLineStart = true;
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  constructor(private readonly sink: TextSink, private readonly truncated: string) {}

  /** A returned promise resolves when there is room again. */
  write(stream: Stream, chunk: Buffer): Promise<void> | undefined {
    this.#program(this.#merge.push(stream, this.#decoders[stream].write(chunk)));
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
    if (this.#pending.length < HIGH_WATER) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A line of ours, at the start of a line, in its place among what programs wrote. */
  line(text: string): void {
    this.#queue(this.#atLineStart ? `${text}\n` : `\n${text}\n`);
  }

  /** The run is over: what was held back of its last characters is written, in front of whatever comes next. */
  endRun(): void {
    for (const stream of ['stdout', 'stderr'] as const) this.#program(this.#merge.push(stream, this.#decoders[stream].end()));
    this.#program(this.#merge.rest());
    this.#merge = new LineMerge();
    this.#decoders = newDecoders();
    this.#shown = 0;
  }

  /** Shows at once what waits for its batch. */
  flush(): void {
    this.#program(this.#merge.rest());
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') this.sink.append(text);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  dispose(): void {
    this.flush();
  }

  #program(text: string): void {
    const room = SHOWN_PER_RUN - this.#shown;
    if (text === '' || room <= 0) return;
    this.#shown += text.length;
    this.#queue(text.slice(0, room));
    if (text.length >= room) this.line(this.truncated);
  }

  #queue(text: string): void {
    if (text === '') return;
    this.#pending += text;
    this.#atLineStart = text.endsWith('\n');
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }
}

function newDecoders(): Record<Stream, LineDecoder> {
  return { stdout: new LineDecoder(), stderr: new LineDecoder() };
}

/** UTF-8 with every line end as \n. A carriage return at a chunk's end waits: its line feed may be in the next one. */
class LineDecoder {
  readonly #utf8 = new StringDecoder('utf8');
  #held = '';

  write(chunk: Buffer): string {
    return this.#normal(this.#held + this.#utf8.write(chunk));
  }

  end(): string {
    return this.#normal(`${this.#held}${this.#utf8.end()}`, true);
  }

  #normal(text: string, last = false): string {
    this.#held = !last && text.endsWith('\r') ? '\r' : '';
    return text.slice(0, text.length - this.#held.length).replaceAll('\r\n', '\n');
  }
}
