import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is true; fails with `what` after `seconds`. */
export async function eventually(check: () => Promise<boolean> | boolean, what: string, seconds = 15): Promise<void> {
  for (const until = performance.now() + seconds * 1000; performance.now() < until; await sleep(25)) {
    if (await check()) return;
  }
  assert.fail(what);
}
