import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../src/tally.js';

test('counts errors from 400 on and sorts by hits', () => {
  const tally = new Tally();
  tally.add({ path: '/a', status: 399, bytes: 1 });
  tally.add({ path: '/b', status: 400, bytes: 2 });
  tally.add({ path: '/b', status: 200, bytes: 3 });
  assert.deepEqual(tally.rows(), [
    { path: '/b', hits: 2, errors: 1, bytes: 5 },
    { path: '/a', hits: 1, errors: 0, bytes: 1 },
  ]);
});
