import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunnerLog } from '../../../src/runner/process/runnerLog';
import { newFolder } from '../store/rows';

describe('the runner\'s own log', () => {
  it('begins a fresh file when one is long, and keeps the one before', () => {
    const file = join(newFolder(), 'petri.log');
    for (let at = 0; at < 100; at++) new RunnerLog(file, 1000).write(`line ${at}`);
    assert.match(readFileSync(file, 'utf8'), /line 99\n$/);
    assert.ok(statSync(file).size <= 1000);
    assert.ok(statSync(`${file}.1`).size <= 1000);
    assert.equal(existsSync(`${file}.2`), false);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('takes no one down when it cannot be written', () => {
    const file = join(newFolder(), 'petri.log');
    mkdirSync(file);
    new RunnerLog(file).write('lost');
  });
});
