import assert from 'node:assert/strict';
import { SandboxSettings } from '../../../src/protocol/sandbox';
import { chooseLimits, DEFAULT_LIMITS, mergeLimits } from '../../../src/engine/sandbox/limits';

describe('a sandbox\'s limits', () => {
  it('are chosen one by one, and go back to their default by null', () => {
    const { limits } = SandboxSettings.parse({ limits: { cpus: null, pids: 64, seconds: 0 } });
    const chosen = chooseLimits({ cpus: 1, memory_bytes: 64 * 2 ** 20 }, limits!);
    assert.deepEqual(chosen, { memory_bytes: 64 * 2 ** 20, pids: 64, seconds: 0 });
    assert.deepEqual(mergeLimits(chosen), { ...DEFAULT_LIMITS, ...chosen });
  });

  it('are refused where they are none', () => {
    for (const limits of [{ cpus: 0 }, { cpus: 'all' }, { memory_bytes: 1 }, { seconds: -1 }]) {
      assert.equal(SandboxSettings.safeParse({ limits }).success, false, JSON.stringify(limits));
    }
  });
});
