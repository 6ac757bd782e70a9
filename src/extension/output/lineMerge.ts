export type Stream = 'stdout' | 'stderr';

/**
 * Makes one text of two streams. Which of them comes first is chance when a program writes to both at the same moment; so that
 * one does not land in the middle of the other's line, it waits until that line has ended, or until `rest` is called.
 */
export class LineMerge {
  #waiting: { stream: Stream; text: string }[] = [];
  /** Whose line is not ended yet. */
  #turn: Stream | undefined;

  /** Answers what can be shown now. */
  push(stream: Stream, text: string): string {
    if (text !== '') this.#waiting.push({ stream, text });
    return this.#take(false);
  }

  /** Answers what still waits, in the order it came. */
  rest(): string {
    return this.#take(true);
  }

  #take(all: boolean): string {
    let taken = '';
    while (this.#waiting.length > 0) {
      let next = this.#turn === undefined ? 0 : this.#waiting.findIndex(({ stream }) => stream === this.#turn);
      if (next < 0 && !all) break;
      next = Math.max(0, next);
      const { stream, text } = this.#waiting[next]!;
      const lineEnd = text.indexOf('\n') + 1;
      // Only the line that was begun may overtake what came before it.
      const length = next > 0 && lineEnd > 0 ? lineEnd : text.length;
      this.#waiting.splice(next, 1, ...(length < text.length ? [{ stream, text: text.slice(length) }] : []));
      taken += text.slice(0, length);
      this.#turn = taken.endsWith('\n') ? undefined : stream;
    }
    return taken;
  }
}
