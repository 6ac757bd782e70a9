import { StringDecoder } from 'node:string_decoder';

const BATCH_MS = 16;
/** Of text a batch. VS Code's terminals have no back-pressure of their own: what is sent faster than it is drawn fills the window's memory. */
const MOST_PER_BATCH = 128 * 1024;

/** A terminal's bytes as text, in batches, no faster than a window draws them. */
export class Paced {
  readonly #utf8 = new StringDecoder('utf8');
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  constructor(private readonly show: (text: string) => void) {}

  /** A returned promise resolves when there is room again. */
  write(chunk: Buffer): Promise<void> | undefined {
    this.#pending += this.#utf8.write(chunk);
    this.#timer ??= setTimeout(() => this.#batch(), BATCH_MS);
    if (this.#pending.length < MOST_PER_BATCH) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Shows all that is left, at the end. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending + this.#utf8.end();
    this.#pending = '';
    if (text !== '') this.show(text);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #batch(): void {
    const text = this.#pending.slice(0, MOST_PER_BATCH);
    this.#pending = this.#pending.slice(MOST_PER_BATCH);
    this.#timer = this.#pending === '' ? undefined : setTimeout(() => this.#batch(), BATCH_MS);
    if (text !== '') this.show(text);
    if (this.#pending.length < MOST_PER_BATCH) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
