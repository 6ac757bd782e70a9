import { spawnSync } from 'node:child_process';
import type { TerminalSize } from '../../../protocol/run';
import type { TerminalHandle } from '../../../sdk/typescript/terminalHandle';

/** This process's terminal as the keyboard and screen of another one: every key passes through, Ctrl-C included. */
export class RawTerminal {
  #handle: TerminalHandle | undefined;

  get size(): TerminalSize {
    // A terminal that was never told its size says 0.
    return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
  }

  connect(handle: TerminalHandle): void {
    this.#handle = handle;
    process.stdin.setRawMode(true);
    // Node's raw mode still turns \n into \r\n on the way out, which moves the cursor of full-screen programs astray.
    if (process.platform !== 'win32') spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
    process.stdin.on('data', this.#onKeys);
    process.stdout.on('resize', this.#onResize);
    // It may have changed while the sandbox was made ready.
    this.#onResize();
  }

  /** The terminal is a user's own again. Any number of times. */
  restore(): void {
    if (!this.#handle) return;
    this.#handle = undefined;
    process.stdin.off('data', this.#onKeys);
    process.stdout.off('resize', this.#onResize);
    process.stdin.pause();
    process.stdin.setRawMode(false);
  }

  readonly #onKeys = (keys: Buffer): void => {
    this.#handle?.write(keys);
  };

  readonly #onResize = (): void => {
    this.#handle?.resize(this.size);
  };
}
