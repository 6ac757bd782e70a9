import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../src/parse.js';

test('reads path, status and size', () => {
  assert.deepEqual(parseLine('::1 [now] "GET /a" 200 7'), { path: '/a', status: 200, bytes: 7 });
});

test('leaves other lines alone', () => {
  assert.equal(parseLine('GET /a'), undefined);
});
