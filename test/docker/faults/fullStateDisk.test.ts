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
/** More than there are of one name in a run that an edit comes before. */
const MOST_WRITES = 10;

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
    let edit = 0;
    // One after the other by name: some come behind the user's back, in no order of their own.
    for (const name of WRITES) {
      for (let nth = 1; nth <= MOST_WRITES; nth += 1) {
        edit += 1;
        const when = `${name} ${nth}`;
        folder.write('a.txt', `edit ${edit}`);
        folder.write(`goes/${edit}.txt`, '');
        rmSync(join(folder.path, `goes/${edit - 1}.txt`), { force: true });
        const { hit, stop } = fullAt(name, nth);
        await bench.run(sandbox, 'cat a.txt').then(({ done, stdout }) => {
          assert.deepEqual([done.reason, stdout.toString()], ['exited', `edit ${edit}`]);
        }, isDiskFull);
        // What follows a run behind the user's back comes to its writes too, or fails.
        await Promise.race([bench.settled(sandbox), hit, sleep(5000)]);
        const wasHit = stop();
        disk.free();
        if (!wasHit) break;
        met.push(when);
        folder.write('b.txt', `after ${edit}`);
        const { done, stdout } = await bench.run(sandbox, 'cat a.txt b.txt');
        assert.deepEqual([done.reason, done.exit_code, stdout.toString()], ['exited', 0, `edit ${edit}after ${edit}`], when);
        await eventually(() => bench.store.openRuns().length === 0, `a run reads as running after ${when}`);
        await assertReceipt(bench, sandbox);
        assertWrittenDown(when);
        await eventually(async () => (await bench.onEngine()).containers.length === 1, `containers are left after ${when}`);
      }
    }
    console.log(`      ${met.join(', ')}`);
    for (const name of ['insertRun', 'updateRun', 'insertIntent', 'beginSync', 'saveIndex']) assert.ok(met.includes(`${name} 1`), `${name}: ${met.join(', ')}`);
  });

  it('for a run\'s log: the run goes on and its output arrives whole', async () => {
    // The database has room in its own log, which starts again from its beginning.
    for (let write = 0; write < 50; write += 1) bench.store.updateSandbox(sandbox, { lastActivityAt: Date.now() + write });
    (bench.store as SqliteStore).database.pragma('wal_checkpoint(RESTART)');
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

  /** Fills the disk before the n-th write of this name from now; `hit` resolves then. `stop` ends it, and says whether it came to it. */
  function fullAt(name: typeof WRITES[number], nth: number): { hit: Promise<void>; stop(): boolean } {
    const store = bench.store as SqliteStore;
    const { promise: hit, resolve } = Promise.withResolvers<void>();
    let left = nth;
    const write = store[name] as (...values: unknown[]) => unknown;
    Object.assign(store, { [name]: (...values: unknown[]) => {
      left -= 1;
      if (left === 0) {
        // What the log has room for already would be written all the same.
        store.database.pragma('wal_checkpoint(TRUNCATE)');
        disk.fill();
        resolve();
      }
      return write.apply(store, values);
    } });
    return { hit, stop: () => Reflect.deleteProperty(store, name) && left <= 0 };
  }
});

function isDiskFull(error: { code?: string; message: string; action?: string }): void {
  assert.equal(error.code, 'disk-full', error.message);
  assert.ok(error.action);
}
