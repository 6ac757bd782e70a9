import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../../../src/protocol/run';
import type { Sandbox } from '../../../src/sdk/typescript/sandbox';
import type { TerminalHandle, TerminalOptions } from '../../../src/sdk/typescript/terminalHandle';

/** Someone at a terminal in a sandbox: types, and reads what it shows. */
export class Screen {
  readonly chunks: Buffer[] = [];
  readonly handle: TerminalHandle;
  readonly done: ReturnType<TerminalHandle['result']>;
  #read = 0;

  constructor(sandbox: Sandbox, request: Partial<Terminal> = {}, options: TerminalOptions = {}) {
    this.handle = sandbox.terminal({ columns: 80, rows: 24, ...request }, { ...options, onOutput: (chunk) => void this.chunks.push(Buffer.from(chunk)) });
    this.done = this.handle.result();
    this.done.catch(() => {});
  }

  /** All bytes so far, one character a byte where they are no text. */
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Waits until what came after the last wait matches; answers the match. */
  async shows(expected: RegExp, seconds = 60): Promise<RegExpExecArray> {
    for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(10)) {
      const text = this.bytes.toString('utf8').slice(this.#read);
      const found = expected.exec(text);
      if (!found) continue;
      this.#read += found.index + found[0].length;
      return found;
    }
    throw new Error(`The terminal never showed ${expected}; it showed ${JSON.stringify(this.bytes.toString('utf8').slice(this.#read))}`);
  }

  /** Types a line and presses Enter. */
  type(line: string): void {
    this.handle.write(`${line}\r`);
  }
}
