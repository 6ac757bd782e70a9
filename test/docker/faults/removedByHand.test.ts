import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';
import { assertReceipt } from '../support/receipt';

describe('what somebody removed from the engine by hand', function () {
  this.timeout(120_000);
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  beforeEach(async () => {
    bench = await openBench();
    folder = makeFolder({ 'a.txt': 'a', 'sub/b.txt': 'b' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
    await bench.run(sandbox, 'echo made > made.txt');
    await bench.settled(sandbox);
  });
  afterEach(async () => {
    await bench.close();
    folder.remove();
  });

  it('the warm container: the next run gets another, and nothing is lost', async () => {
    await removeContainers();
    await isRight('abmade\n', 'cat a.txt sub/b.txt made.txt');
  });

  it('the warm container, at the very moment of the run', async () => {
    const removing = removeContainers();
    const { done, stdout } = await bench.run(sandbox, 'cat a.txt made.txt').catch((error: { code: string }) => {
      // It may be taken away under the run's hands; then it says so, and never that it went well.
      assert.equal(error.code, 'engine-failed');
      return bench.run(sandbox, 'cat a.txt made.txt');
    });
    await removing;
    if (done.reason === 'exited') assert.equal(stdout.toString(), 'amade\n');
    else assert.ok(['killed', 'unknown'].includes(done.reason), done.reason);
    await isRight('amade\n', 'cat a.txt made.txt');
  });

  it('the container of an active run: killed or unknown, and the next run works', async () => {
    let up = () => {};
    const started = new Promise<void>((resolve) => (up = resolve));
    const running = bench.run(sandbox, 'echo up; sleep 60', { onOutput: up });
    await started;
    await removeContainers();
    const { done } = await running;
    assert.ok(['killed', 'unknown'].includes(done.reason), done.reason);
    assert.notEqual(done.exit_code, 0);
    await isRight('amade\n', 'cat a.txt made.txt');
  });

  it('the volume: it is said, the workspace is rebuilt from the folder, and the receipt is true', async () => {
    await removeContainers();
    await bench.engine.removeVolume(bench.store.getSandbox(sandbox)!.volume);
    const { done, stdout, notices, started } = await bench.run(sandbox, 'cat a.txt sub/b.txt; ls');
    assert.deepEqual([done.exit_code, stdout.toString()], [0, 'aba.txt\nsub\n']);
    assert.ok(notices.some(({ code, message }) => code === 'resynced' && /volume was gone/.test(message)), JSON.stringify(notices));
    assert.equal(started!.sent_files, 2);
    await isRight('ab', 'cat a.txt sub/b.txt', []);
    assert.equal(bench.petri.getSandbox(sandbox).generation, 1, 'a new volume starts from the beginning');
  });

  it('the volume, replaced by another of the same name that is not ours: refused, not touched', async () => {
    const { volume } = bench.store.getSandbox(sandbox)!;
    await removeContainers();
    await bench.engine.removeVolume(volume);
    await bench.engine.createVolume(volume, { owner: 'somebody else' });
    try {
      await assert.rejects(bench.run(sandbox, 'cat a.txt'), { code: 'conflict' });
      await bench.petri.deleteSandbox(sandbox);
      assert.deepEqual(await bench.engine.inspectVolume(volume), { labels: { owner: 'somebody else' } });
    } finally {
      await bench.engine.removeVolume(volume);
    }
  });

  it('the volume of a folder of the user\'s own choice: nothing of its old life is taken for the folder\'s', async () => {
    const root = mkdtempSync(join(tmpdir(), 'petri-root-'));
    const other = await openBench({ env: { PETRI_WORKSPACE_ROOT: root } });
    try {
      const id = await other.sandbox({ folder: folder.path, language: 'python' });
      await other.run(id, 'echo made > made.txt; ln -s /etc link');
      await other.settled(id);
      for (const name of (await other.onEngine()).containers) await other.engine.removeContainer(name);
      await other.engine.removeVolume(other.store.getSandbox(id)!.volume);
      folder.write('a.txt', 'a now');
      const { stdout } = await other.run(id, 'cat a.txt; ls');
      assert.equal(stdout.toString(), 'a nowa.txt\nsub\n');
      await assertReceipt(other, id);
    } finally {
      await other.close();
      rmSync(root, { recursive: true, force: true });
    }
  });

  async function removeContainers(): Promise<void> {
    for (const name of (await bench.onEngine()).containers) await bench.engine.removeContainer(name);
  }

  async function isRight(expected: string, command: string, created = ['made.txt']): Promise<void> {
    const { done, stdout } = await bench.run(sandbox, command);
    assert.deepEqual([done.reason, done.exit_code, stdout.toString()], ['exited', 0, expected]);
    await bench.settled(sandbox);
    const { containers, volumes } = await bench.onEngine();
    assert.deepEqual([containers.length, volumes.length], [1, 1]);
    await assertReceipt(bench, sandbox, created);
    assert.deepEqual([bench.store.openRuns(), bench.store.listIntents()], [[], []]);
  }
});
