import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SmallDisk } from '../../unit/store/smallDisk';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';
import { assertReceipt } from '../support/receipt';

const MIB = 2 ** 20;

describe('a sandbox\'s disk limit', function () {
  this.timeout(120_000);
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  let neighbour: string;
  before(async () => {
    bench = await openBench();
    folder = makeFolder({ 'a.txt': 'a' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
    neighbour = await bench.sandbox({ language: 'python' });
    await bench.run(sandbox, 'true');
    await bench.run(neighbour, 'true');
  });
  after(async () => {
    await bench?.close();
    folder?.remove();
  });

  it('one big file past it: the write fails, the run ends as disk-full or by its own error, the next one works', async () => {
    const { done } = await bench.run(sandbox, 'dd if=/dev/zero of=$HOME/big bs=1M count=400', { limits: { disk_bytes: 64 * MIB, seconds: 60 } });
    assert.notEqual(done.exit_code, 0);
    assert.ok(done.reason === 'disk-full' || done.reason === 'killed' || done.reason === 'exited', done.reason);
    const { stdout } = await bench.run(sandbox, 'stat -c %s ~/big; rm ~/big');
    assert.ok(Number(stdout) <= 64 * MIB, `the file grew to ${stdout.toString()}`);
  });

  it('many files past its bytes: ended as disk-full; a neighbour and the next run work', async () => {
    const running = bench.run(sandbox, 'n=0; while :; do n=$((n+1)); dd if=/dev/zero of=$HOME/part$n bs=1M count=16 2>/dev/null; sleep 0.05; done', { limits: { disk_bytes: 96 * MIB, seconds: 60 } });
    const beside = await bench.run(neighbour, 'echo fine > f; cat f');
    assert.equal(beside.stdout.toString(), 'fine\n');
    const { done } = await running;
    assert.equal(done.reason, 'disk-full');
    assert.match(done.error ?? '', /disk limit/);
    assert.equal(bench.record(done.run_id).reason, 'disk-full');
    const next = await bench.run(sandbox, 'rm ~/part*; cat a.txt');
    assert.deepEqual([next.done.exit_code, next.stdout.toString()], [0, 'a']);
  });

  it('empty files past its number: ended as disk-full, and a neighbour works', async () => {
    const script = 'import os\nos.makedirs(os.path.expanduser("~/many"))\nfor n in range(1_000_000): open(os.path.expanduser(f"~/many/{n}"), "w").close()';
    const { done } = await bench.run(sandbox, ['python', '-c', script], { limits: { disk_files: 5000, seconds: 120 } });
    assert.equal(done.reason, 'disk-full');
    const beside = await bench.run(neighbour, 'echo fine');
    assert.equal(beside.stdout.toString(), 'fine\n');
    const next = await bench.run(sandbox, 'rm -r ~/many; cat a.txt', { limits: { seconds: 120 } });
    assert.deepEqual([next.done.exit_code, next.stdout.toString()], [0, 'a']);
  });

  it('a sandbox that is over it already, by a run too short to be watched: it may make room, and grow no further', async () => {
    const id = await bench.sandbox({ language: 'python', limits: { disk_bytes: 32 * MIB } });
    for (const n of [1, 2, 3]) assert.equal((await bench.run(id, `dd if=/dev/zero of=$HOME/${n} bs=1M count=20 2>/dev/null`)).done.exit_code, 0);
    await bench.settled(id);
    const further = await bench.run(id, 'dd if=/dev/zero of=$HOME/4 bs=1M count=20 2>/dev/null; sleep 20');
    assert.equal(further.done.reason, 'disk-full');
    await bench.settled(id);
    const smaller = await bench.run(id, 'sleep 1.5; rm ~/[1-4]; echo smaller');
    assert.deepEqual([smaller.done.reason, smaller.stdout.toString()], ['exited', 'smaller\n']);
  });
});

describe('a disk that is really full', function () {
  this.timeout(120_000);
  let disk: SmallDisk;
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  before(function () {
    disk = SmallDisk.for(this, 48, 4096);
  });
  beforeEach(async () => {
    bench = await openBench({ env: { PETRI_WORKSPACE_ROOT: disk.folder } });
    folder = makeFolder({ 'a.txt': 'a' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
    await bench.run(sandbox, 'true');
    await bench.settled(sandbox);
  });
  afterEach(async () => {
    await bench?.close();
    folder?.remove();
  });
  after(() => disk?.unmount());

  it('for the bytes of a sync: a clear error, and when there is room again every file is right', async () => {
    folder.write('b.txt', 'b');
    folder.write('big.bin', randomBytes(60 * MIB));
    folder.write('z.txt', 'z');
    await assert.rejects(bench.run(sandbox, 'true'), isDiskFull);
    await assert.rejects(bench.petri.sync(sandbox, () => undefined, new AbortController().signal), isDiskFull);
    folder.write('big.bin', randomBytes(MIB));
    await isWhole('cat a.txt b.txt z.txt', 'abz');
  });

  it('for the files of a sync: a clear error, and when there is room again every file is right', async () => {
    for (let n = 0; n < 4500; n += 1) folder.write(`many/${n}`, '');
    await assert.rejects(bench.run(sandbox, 'true'), isDiskFull);
    for (let n = 100; n < 4500; n += 1) rmSync(join(folder.path, 'many', String(n)));
    await isWhole('ls many | wc -l', '100\n');
  });

  it('for a run: disk-full, told apart from its exit code; when there is room again all is right', async () => {
    const { done } = await bench.run(sandbox, 'dd if=/dev/zero of=$HOME/fill bs=1M');
    assert.deepEqual([done.reason, done.exit_code], ['disk-full', 1]);
    folder.write('a.txt', 'a after the disk was full');
    // Nothing can be sent now; nothing may run on the old file either.
    const stale = await bench.run(sandbox, 'cat a.txt').then(({ stdout }) => stdout.toString(), (error: { code: string }) => error.code);
    assert.ok(stale === 'disk-full' || stale === 'a after the disk was full', stale);
    for (const name of readdirSync(disk.folder)) rmSync(join(disk.folder, name, 'home', 'fill'), { force: true });
    await isWhole('cat a.txt', 'a after the disk was full');
  });

  async function isWhole(script: string, expected: string): Promise<void> {
    const { done, stdout } = await bench.run(sandbox, script);
    assert.deepEqual([done.exit_code, stdout.toString()], [0, expected]);
    await assertReceipt(bench, sandbox);
  }
});

function isDiskFull(error: { code?: string; message: string; action?: string }): boolean {
  assert.equal(error.code, 'disk-full', error.message);
  assert.match(error.message, /^[A-Z][^\n]*full[^\n]*\.$/);
  assert.ok(error.action);
  return true;
}
