import assert from 'node:assert/strict';
import { plainLabel } from '../../../src/extension/plainLabel';

describe('A label with what others wrote', () => {
  it('has no icons of theirs, and says the rest as it is', () => {
    assert.equal(plainLabel('echo $(date) $(git rev-parse HEAD) $HOME $(x~spin)'), 'echo \\$(date) $(git rev-parse HEAD) $HOME \\$(x~spin)');
  });
});
