/**
 * stdout or stderr. Writes wait for a slow reader; once the reader is gone or the disk is full the rest is dropped, and
 * whoever asked is told once.
 */
export class Sink {
  readonly isTty: boolean;
  #broken: NodeJS.ErrnoException | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #onBroken: Array<(error: NodeJS.ErrnoException) => void> = [];

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.isTty = stream.isTTY === true;
    stream.on('error', (error: NodeJS.ErrnoException) => this.#break(error));
  }

  /** What ended it: EPIPE when the reader left, as `head` does. undefined while it takes bytes. */
  get broken(): NodeJS.ErrnoException | undefined {
    return this.#broken;
  }

  /** Calls back when it breaks. */
  onBroken(callback: (error: NodeJS.ErrnoException) => void): void {
    this.#onBroken.push(callback);
  }

  /** Bytes go as they are, text as UTF-8. The promise, when there is one, settles when more may be written. */
  write(data: Uint8Array | string): void | Promise<void> {
    if (this.#broken || this.stream.write(data)) return;
    return this.#until((resolve) => this.stream.once('drain', resolve));
  }

  /** Resolves when all that was written has left this process. */
  flush(): Promise<void> {
    if (this.#broken || this.stream.writableLength === 0) return Promise.resolve();
    return this.#until((resolve) => this.stream.write('', () => resolve()));
  }

  #until(subscribe: (resolve: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        this.#waiting.delete(settle);
        resolve();
      };
      this.#waiting.add(settle);
      subscribe(settle);
    });
  }

  #break(error: NodeJS.ErrnoException): void {
    if (this.#broken) return;
    this.#broken = error;
    for (const settle of [...this.#waiting]) settle();
    for (const callback of this.#onBroken) callback(error);
  }
}
