import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { extension } from './editor';

// Its file comes first in the alphabet, and so in the suite: nothing has been run yet.
describe('Activation', () => {
  it('waits for a command, and starts no runner by itself', async () => {
    assert.equal(extension().isActive, false);
    await extension().activate();
    assert.ok(process.env.PETRI_HOME);
    assert.equal(existsSync(join(process.env.PETRI_HOME, 'petri.sock')), false);
  });
});
