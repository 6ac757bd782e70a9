import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBench, type Bench } from '../support/petri';

describe('a lock of Python packages', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());

  it('is offered, installs nothing again when it is taken over, and follows what is written beside it', async () => {
    const { folder, sandbox } = await bench.folderSandbox({ 'requirements.txt': 'six<1.17\n', 'main.py': 'import six\nprint(six.__version__)\n' }, 'python');
    const read = () => readFileSync(join(folder.path, 'pylock.toml'), 'utf8');
    const run = () => bench.run(sandbox, ['python', 'main.py']);
    assert.equal((await run()).stdout.toString(), '1.16.0\n');
    await bench.settled(sandbox);
    assert.deepEqual((await bench.petri.changes(sandbox)).changes.map(({ path, kind }) => [path, kind]), [['pylock.toml', 'created']]);
    assert.deepEqual((await bench.petri.pull(sandbox, undefined)).applied, ['pylock.toml']);
    assert.match(read(), /^name = "six"\nversion = "1\.16\.0"\n(?:.*\n)*.*six-1\.16\.0-py2\.py3-none-any\.whl.* hashes = \{ sha256 = "[0-9a-f]{64}" \}/m);
    assert.equal((await run()).installed, '');

    // Another hash, the same requirements: what is installed is the lock's, or nothing.
    const lock = read();
    folder.write('pylock.toml', lock.replace(/sha256 = "[0-9a-f]{8}/g, 'sha256 = "00000000'));
    await assert.rejects(run(), { code: 'hash-mismatch', message: /^pylock\.toml:\d+: six is not what the lock names/ });

    folder.write('pylock.toml', lock);
    folder.write('requirements.txt', 'six\n');
    const later = await run();
    assert.match(later.installed, /brought up to date[^]*Collecting six/);
    assert.equal(later.stdout.toString(), '1.16.0\n', 'what the lock named is kept while it fits');
    await bench.settled(sandbox);
    assert.deepEqual((await bench.petri.changes(sandbox)).changes.map(({ path, kind }) => [path, kind]), [['pylock.toml', 'changed']]);
  });
});
