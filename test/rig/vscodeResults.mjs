// The suites write one JSON line a test (test/vscode/suite.ts); this side shows the lines as they come and counts them.
import { existsSync, readFileSync } from 'node:fs';
import { shortened } from './say.mjs';

/** After which a suite that says nothing counts as hung. */
export const SILENCE_MS = 240_000;

export class Results {
  passed = 0;
  failed = 0;
  skipped = 0;
  failures = [];

  /**
   * Follows a file until its `end` line. `silence`: milliseconds without a new line after which the suite counts as hung.
   * `isOver`: true once the process behind it is gone, after which nothing more can come.
   */
  async follow(file, { silence, isOver = () => false, evidence = () => '' }) {
    let read = 0;
    let last = Date.now();
    for (;;) {
      const over = isOver();
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
      for (const line of lines.slice(read)) if (this.#take(JSON.parse(line))) return;
      if (lines.length > read) last = Date.now();
      read = lines.length;
      if (over || Date.now() - last > silence) {
        const what = over ? 'The suite ended without saying so' : `The suite said nothing for ${silence / 1000} s`;
        this.#take({ kind: 'failed', title: what, error: evidence() });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** True at the end of the suite. */
  #take({ kind, title, ms, error }) {
    if (kind === 'end') return true;
    if (kind === 'started') return false;
    this[kind] += 1;
    console.log(`  ${{ passed: '✔', failed: '✘', skipped: '-' }[kind]} ${title}${ms === undefined ? '' : ` (${ms} ms)`}`);
    if (kind === 'failed') {
      this.failures.push({ title, error });
      console.log(shortened(String(error ?? '')).replace(/^/gm, '      '));
    }
    return false;
  }
}
