import assert from 'node:assert/strict';
import { judge, needsEngine } from '../../../src/engine/run/outcome';

const report = (exitCode: number, more: Partial<{ why: string; oomKills: number; fullDisk: string }> = {}) => ({ exitCode, why: 'exited', oomKills: 0, fullDisk: '', ...more });

describe('what the end of a run means', () => {
  const table: Array<[string, Parameters<typeof judge>[0], string, number | null]> = [
    ['a plain success', { report: report(0) }, 'exited', 0],
    ['a plain failure', { report: report(3) }, 'exited', 3],
    ['a signal', { report: report(139) }, 'killed', 139],
    ['a command that is not there', { report: report(127, { why: 'command-not-found' }) }, 'command-not-found', 127],
    ['a program that itself says 127', { report: report(127) }, 'exited', 127],
    ['a file that may not be executed', { report: report(126, { why: 'not-executable' }) }, 'not-executable', 126],
    ['main killed for memory', { report: report(137, { oomKills: 1 }) }, 'out-of-memory', 137],
    ['a child killed for memory, main content', { report: report(0, { oomKills: 1 }) }, 'out-of-memory', 0],
    ['memory, by the engine\'s word alone', { engine: { exitCode: 137, oomKilled: true } }, 'out-of-memory', 137],
    ['a full disk', { report: report(1, { fullDisk: '/sandbox' }) }, 'disk-full', 1],
    ['a full disk that did not matter', { report: report(0, { fullDisk: '/tmp' }) }, 'exited', 0],
    ['cancelled, whatever it says', { stopped: 'cancelled', report: report(0) }, 'cancelled', 0],
    ['the time limit, killed without a word', { stopped: 'timed-out', engine: { exitCode: 137, oomKilled: false } }, 'timed-out', 137],
    ['nobody knows', {}, 'unknown', null],
    ['the streams were lost, and it went well by the engine\'s word', { engine: { exitCode: 0, oomKilled: false } }, 'unknown', null],
    ['the streams were lost, and it went wrong by the engine\'s word', { engine: { exitCode: 3, oomKilled: false } }, 'unknown', null],
    ['its launcher was killed', { engine: { exitCode: 137, oomKilled: false } }, 'killed', 137],
  ];
  for (const [name, end, reason, exitCode] of table) {
    it(`${name}: ${reason}`, () => {
      const outcome = judge(end);
      assert.deepEqual([outcome.reason, outcome.exitCode], [reason, exitCode]);
      assert.equal(outcome.error === null, reason === 'exited');
    });
  }
  it('asks the engine where a kill for memory may hide', () => {
    assert.deepEqual([undefined, report(0), report(1), report(137), report(137, { oomKills: 1 })].map(needsEngine), [true, false, false, true, false]);
  });
});
