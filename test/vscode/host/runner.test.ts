import assert from 'node:assert/strict';
import { Petri } from '../../../src/sdk/typescript/petri';
import { openFile, runInSandbox } from './editor';

async function status() {
  const petri = await Petri.find({ client: 'test' });
  assert.ok(petri, 'a runner is there');
  try {
    return await petri.status();
  } finally {
    petri.close();
  }
}

describe('The runner behind the window', () => {
  it('is kept by the window’s lease', async () => {
    await openFile('lease.py', 'print("used")\n');
    assert.match(await runInSandbox(), /\nused\n/);
    assert.equal((await status()).leases, 1);
  });

  it('is followed by another one when it was killed, and the window holds that one’s lease', async () => {
    const { pid } = await status();
    process.kill(pid, 'SIGKILL');
    await openFile('again.py', 'print("still here")\n');
    assert.match(await runInSandbox(), /\nstill here\n\[Exited with code 0 /);
    const now = await status();
    assert.notEqual(now.pid, pid);
    assert.equal(now.leases, 1);
  });
});
