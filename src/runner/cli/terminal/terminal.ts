import { createInterface } from 'node:readline';
import { PetriClientError } from '../../../sdk/typescript/errors';
import { colorsFor, type Colors } from '../text/colors';
import { printable } from '../text/printable';
import { Sink } from './sink';

const MOST_DETAILS = 10;

/** This process's own streams, as the commands use them. */
export class Terminal {
  readonly out = new Sink(process.stdout);
  readonly err = new Sink(process.stderr);
  readonly outColors: Colors;
  readonly errColors: Colors;

  constructor(readonly env: NodeJS.ProcessEnv) {
    this.outColors = colorsFor(this.out.isTty, env);
    this.errColors = colorsFor(this.err.isTty, env);
  }

  /** A line of ours on stderr, made printable. */
  say(line: string): void {
    void this.err.write(`petri: ${printable(line)}\n`);
  }

  /** What went wrong, and the next step under it. */
  complain(error: unknown): void {
    if (!(error instanceof PetriClientError)) return this.say(String(error));
    const { red } = this.errColors;
    const details = (error.details ?? []).slice(0, MOST_DETAILS);
    const more = (error.details?.length ?? 0) - details.length;
    const lines = [...details, ...(more > 0 ? [`… and ${more} more`] : []), ...(error.action === undefined ? [] : [error.action])];
    void this.err.write(`${red('petri:')} ${printable(error.message)}\n${lines.map((line) => `       ${printable(line)}\n`).join('')}`);
  }

  /** Asks on stderr. Rejects when there is nobody to ask. */
  async confirm(question: string): Promise<boolean> {
    if (!process.stdin.isTTY) {
      throw new PetriClientError('bad-request', 'There is no terminal to ask on.', { action: 'Say --yes to do it without being asked.' });
    }
    void this.err.write(`${printable(question)} [y/N] `);
    const readline = createInterface({ input: process.stdin, terminal: false });
    const answer = await new Promise<string>((resolve) => readline.once('line', resolve).once('close', () => resolve('')));
    readline.close();
    return /^\s*y(es)?\s*$/i.test(answer);
  }

  /** Pretty JSON on stdout. */
  json(value: unknown): void {
    void this.out.write(`${JSON.stringify(value, undefined, 2)}\n`);
  }
}

