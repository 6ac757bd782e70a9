import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tree } from '../../../src/engine/sync/merkle';
import type { SqliteStore } from '../../../src/runner/store/sqliteStore';
import { SmallDisk } from '../../unit/store/smallDisk';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { openBench, type Bench } from '../support/petri';
import { assertReceipt } from '../support/receipt';

const WRITES = ['insertRun', 'updateRun', 'updateSandbox', 'insertIntent', 'removeIntent', 'beginSync', 'saveIndex'] as const;
/** More than there are in a run that an edit comes before. */
const MOST_WRITES = 30;

describe('a full disk under what Petri writes down', function () {
  this.timeout(180_000);
  let disk: SmallDisk;
  let bench: Bench;
  let folder: Folder;
  let sandbox: string;
  before(async function () {
    disk = SmallDisk.for(this, 16);
    bench = await openBench({ stateFolder: join(disk.folder, 'state') });
    folder = makeFolder({ 'a.txt': 'a', 'b.txt': 'b' });
    sandbox = await bench.sandbox({ folder: folder.path, language: 'python' });
    await bench.run(sandbox, 'true');
    await bench.settled(sandbox);
  });
  after(async () => {
    await bench?.close();
    disk?.unmount();
    folder?.remove();
  });

  it('at every single write of a run: a clear error or the right answer, and when there is room again all is right', async () => {
    const met: string[] = [];
    for (let at = 1; at <= MOST_WRITES; at += 1) {
      folder.write('a.txt', `edit ${at}`);
      folder.write(`goes/${at}.txt`, '');
      rmSync(join(folder.path, `goes/${at - 1}.txt`), { force: true });
      const stop = fullAt(at);
      await bench.run(sandbox, 'cat a.txt').then(({ done, stdout }) => {
        assert.deepEqual([done.reason, stdout.toString()], ['exited', `edit ${at}`]);
      }, isDiskFull);
      // What follows a run behind the user's back comes to its writes too, or fails.
      await Promise.race([bench.settled(sandbox), sleep(1000)]);
      const hit = stop();
      disk.free();
      if (hit === undefined) break;
      met.push(hit);
      folder.write('b.txt', `after ${at}`);
      const { done, stdout } = await bench.run(sandbox, 'cat a.txt b.txt');
      assert.deepEqual([done.reason, done.exit_code, stdout.toString()], ['exited', 0, `edit ${at}after ${at}`], `write ${at}, ${hit}`);
      await eventually(() => bench.store.openRuns().length === 0, `a run reads as running after write ${at}, ${hit}`);
      await assertReceipt(bench, sandbox);
      assertWrittenDown(`write ${at}, ${hit}`);
      await eventually(async () => (await bench.onEngine()).containers.length === 1, `containers are left after write ${at}, ${hit}`);
    }
    console.log(`      ${met.join(', ')}`);
    for (const name of ['insertRun', 'updateRun', 'insertIntent', 'beginSync', 'saveIndex']) assert.ok(met.includes(name), `${name}: ${met.join(' ')}`);
  });

  it('for a run\'s log: the run goes on and its output arrives whole', async () => {
    const { done, stdout } = await bench.run(sandbox, 'echo first; cat; head -c 20000000 /dev/zero; echo last', {
      onOutput: (text) => { if (text.startsWith('first')) disk.fill(65536); },
    }).catch((error: unknown) => { disk.free(); throw error; });
    disk.free();
    assert.deepEqual([done.reason, done.exit_code, stdout.length], ['exited', 0, 20_000_011]);
    assert.ok(bench.log.some((line) => line.includes(done.run_id) && line.includes('its log ended early')), bench.log.join('\n'));
    // What is there can be read; what is cut off is left out.
    let kept = 0;
    for await (const { chunk } of bench.petri.runLog(done.run_id)) kept += chunk.length;
    assert.ok(kept < stdout.length);
    assert.ok(readdirSync(join(bench.stateFolder, 'runs')).length > 0 && existsSync(join(bench.stateFolder, 'petri.db')));
  });

  /** What the next runner would read is what this one knows. */
  function assertWrittenDown(when: string): void {
    const tree = new Tree();
    for (const [path, { box }] of bench.store.loadIndex(sandbox)) if (box) tree.set(path, box);
    assert.equal(tree.root(), bench.petri.getSandbox(sandbox).receipt, `the index on disk is another one after ${when}`);
  }

  /** Fills the disk before the n-th write from now. Answers what ends it, and says which write that was, if it came to it. */
  function fullAt(count: number): () => string | undefined {
    const store = bench.store as SqliteStore;
    let hit: string | undefined;
    for (const name of WRITES) {
      const write = store[name] as (...values: unknown[]) => unknown;
      Object.assign(store, { [name]: (...values: unknown[]) => {
        count -= 1;
        if (count === 0) {
          hit = name;
          // What the log has room for already would be written all the same.
          store.database.pragma('wal_checkpoint(TRUNCATE)');
          disk.fill();
        }
        return write.apply(store, values);
      } });
    }
    return () => {
      for (const name of WRITES) Reflect.deleteProperty(store, name);
      return hit;
    };
  }
});

function isDiskFull(error: { code?: string; message: string; action?: string }): void {
  assert.equal(error.code, 'disk-full', error.message);
  assert.ok(error.action);
}
