import type { Notice, Progress } from '../../../protocol/run';
import { printable } from '../text/printable';
import { bytes } from '../text/units';
import type { Terminal } from './terminal';

const APPEARS_AFTER_MS = 250;
const REDRAWN_EVERY_MS = 100;
const LONG_MS = 3_000;
const CLEAR_LINE = '\r\x1b[K';
const MOST_PATHS = 5;

/** How much of ours goes to stderr. quiet: nothing. verbose: everything, also where nobody watches. */
export type Loudness = 'quiet' | 'normal' | 'verbose';

/**
 * What is waited for, on stderr: on a terminal one line that is redrawn and then erased; elsewhere, where stderr may be a
 * program's own and is read by programs, single lines and only when it takes long.
 */
export class ProgressView {
  readonly #born = performance.now();
  #drawnAt = 0;
  #drawn = false;
  #pending: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastStage: string | undefined;
  readonly #live: boolean;

  constructor(private readonly terminal: Terminal, private readonly loudness: Loudness) {
    this.#live = terminal.err.isTty && terminal.env['TERM'] !== 'dumb';
  }

  /** A sentence without numbers. */
  message(message: string): void {
    this.show({ stage: 'start', message });
  }

  show(progress: Progress): void {
    if (this.loudness === 'quiet') return;
    const line = printable(`${progress.message}${amount(progress)}`);
    if (this.#live) return this.#schedule(line);
    const now = performance.now();
    const due = this.loudness === 'verbose' ? progress.stage !== this.#lastStage
      : now - this.#born > LONG_MS && (progress.stage !== this.#lastStage || now - this.#drawnAt > 3 * LONG_MS);
    if (!due) return;
    this.#lastStage = progress.stage;
    this.#drawnAt = now;
    this.terminal.say(line);
  }

  /** Notices of what matters to nobody but a person are kept from a stderr that nobody watches; a conflict is always told. */
  notice(notice: Notice): void {
    if (this.loudness === 'quiet') return;
    if (this.loudness !== 'verbose' && !this.terminal.err.isTty && notice.code !== 'conflict') return;
    this.clear();
    const paths = notice.paths ?? [];
    const shown = paths.slice(0, MOST_PATHS).join(', ');
    const more = paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : '';
    this.terminal.say(`${notice.message}${paths.length > 0 ? ` (${shown}${more})` : ''}`);
  }

  /** Takes the line away, so that a program's output begins at the margin. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = undefined;
    if (!this.#drawn) return;
    this.#drawn = false;
    void this.terminal.err.write(CLEAR_LINE);
  }

  #schedule(line: string): void {
    this.#pending = line;
    if (this.#timer) return;
    const now = performance.now();
    const wait = Math.max(APPEARS_AFTER_MS - (now - this.#born), REDRAWN_EVERY_MS - (now - this.#drawnAt), 0);
    this.#timer = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    this.#timer = undefined;
    if (this.#pending === undefined) return;
    const room = (process.stderr.columns || 80) - 1;
    void this.terminal.err.write(CLEAR_LINE + this.terminal.errColors.dim([...this.#pending].slice(0, room).join('')));
    this.#drawn = true;
    this.#drawnAt = performance.now();
  }
}

function amount({ done, total, unit }: Progress): string {
  if (done === undefined) return '';
  const show = (value: number) => (unit === 'bytes' ? bytes(value) : value.toLocaleString('en-US'));
  return total === undefined ? ` (${show(done)})` : ` (${show(done)} of ${show(total)})`;
}
