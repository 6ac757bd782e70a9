import type { Disposable } from 'vscode';
import { LineMerge, type Stream } from './lineMerge';
import { PlainText } from './plainText';

/** Where text ends up: an output channel, or a test. */
export interface TextSink { append(text: string): void; clear(): void }

const BATCH_MS = 50;
/** Past this much text that is not shown yet, the program is held back. */
const HIGH_WATER = 1024 * 1024;
/** An output channel that holds more than this of one run makes the window slow; the run's log has it all. */
const SHOWN_PER_RUN = 4 * 1024 * 1024;
/** Bytes of what is not shown that are, once the run is over: at its end a program says why it failed. */
const TAIL = 64 * 1024;
/** With more than this of earlier runs in it, the channel is emptied before the next one. */
const KEPT_OF_EARLIER = 12 * 1024 * 1024;

/**
 * Programs' bytes as text in one ordered queue, written in batches. Characters, line ends and lines that were cut apart by
 * chunks are put together again.
 */
export class ProgramOutput implements Disposable {
  #merge = new LineMerge();
  #decoders = newDecoders();
  #pending = '';
  #shown = 0;
  #shownToLineEnd = true;
  /** A carriage return came, and nothing after it yet. */
  #returned = false;
  #begun = false;
  #inChannel = 0;
  #hidden = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  constructor(private readonly sink: TextSink, private readonly words: { more: string; left(bytes: number): string }) {}

  /** A run's first line, apart from what came before it. */
  begin(text: string): void {
    if (this.#inChannel > KEPT_OF_EARLIER) {
      this.flush();
      this.sink.clear();
      this.#inChannel = 0;
      this.#shownToLineEnd = true;
      this.#begun = false;
    }
    this.line(this.#begun ? `\n${text}` : text);
    this.#begun = true;
  }

  /** A returned promise resolves when there is room again. */
  write(stream: Stream, chunk: Buffer): Promise<void> | undefined {
    if (this.#shown >= SHOWN_PER_RUN) return this.#hide(chunk);
    this.#program(this.#merge.push(stream, this.#decoders[stream].write(chunk)));
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
    if (this.#pending.length < HIGH_WATER) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A line of ours, at the start of a line, in its place among what programs wrote. */
  line(text: string): void {
    this.#returned = false;
    this.#queue(this.#atLineStart ? `${text}\n` : `\n${text}\n`);
  }

  /** The run is over: what was held back of its last characters is written, in front of whatever comes next. Answers how many bytes were not shown. */
  endRun(): number {
    for (const stream of ['stdout', 'stderr'] as const) this.#program(this.#merge.push(stream, this.#decoders[stream].end()));
    this.#program(this.#merge.rest());
    this.#merge = new LineMerge();
    this.#decoders = newDecoders();
    this.#shown = 0;
    return this.#endHidden();
  }

  /** Shows at once what waits for its batch. */
  flush(): void {
    this.#program(this.#merge.rest());
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') {
      this.#inChannel += text.length;
      this.#shownToLineEnd = text.endsWith('\n');
      this.sink.append(text);
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  dispose(): void {
    this.flush();
  }

  /** Not even decoded: a gigabyte of it costs the window nothing. */
  #hide(chunk: Buffer): undefined {
    this.#hidden += chunk.length;
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    while (this.#tailBytes - this.#tail[0]!.length >= TAIL) this.#tailBytes -= this.#tail.shift()!.length;
  }

  #endHidden(): number {
    const hidden = this.#hidden;
    if (hidden === 0) return 0;
    const bytes = Buffer.concat(this.#tail).subarray(-TAIL);
    const start = bytes.indexOf(0x0a) + 1;
    const left = hidden - (bytes.length - start);
    if (left > 0) this.line(this.words.left(left));
    const plain = new PlainText();
    this.#queue(plain.write(bytes.subarray(start)) + plain.end());
    this.#hidden = 0;
    this.#tail = [];
    this.#tailBytes = 0;
    return left;
  }

  #program(text: string): void {
    const room = SHOWN_PER_RUN - this.#shown;
    if (text === '' || room <= 0) return;
    this.#shown += text.length;
    this.#queue(text.slice(0, room));
    if (text.length >= room) {
      this.#hidden += Math.max(0, Buffer.byteLength(text.slice(room)));
      this.line(this.words.more);
    }
  }

  #queue(text: string): void {
    if (text === '') return;
    // A progress bar writes one line again and again; a channel's text cannot be overwritten once it is shown.
    for (const [index, part] of text.split('\r').entries()) {
      if (index > 0) this.#returned = true;
      if (part === '') continue;
      if (this.#returned && !part.startsWith('\n')) this.#beginLineAnew();
      this.#returned = false;
      this.#pending += part;
    }
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  #beginLineAnew(): void {
    const start = this.#pending.lastIndexOf('\n') + 1;
    if (start > 0 || this.#shownToLineEnd) this.#pending = this.#pending.slice(0, start);
    else this.#pending += '\n';
  }

  /** Whether the next character begins a line. */
  get #atLineStart(): boolean {
    return this.#pending === '' ? this.#shownToLineEnd : this.#pending.endsWith('\n');
  }
}

function newDecoders(): Record<Stream, PlainText> {
  return { stdout: new PlainText(), stderr: new PlainText() };
}
