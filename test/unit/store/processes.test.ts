import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../../src/runner/store/openStore';
import { takeLifeLock } from '../../../src/runner/store/lifeLock';
import { newFolder, sandboxRow } from './rows';

/** Answers the last round that the process has said it committed. */
function writer(file: string, sandboxId: string, rounds: number): { process: ChildProcess; committed(): number; over: Promise<unknown> } {
  const process_ = spawn(process.execPath, [join(__dirname, 'writerProcess.cjs'), file, sandboxId, String(rounds)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  process_.stdout.on('data', (chunk) => { said += String(chunk); });
  return { process: process_, committed: () => Number(said.trim().split('\n').at(-1)), over: once(process_, 'close') };
}

describe('store and other processes', function () {
  this.timeout(60_000);

  it('lets three write at once; nobody loses a row', async () => {
    const file = join(newFolder(), 'petri.db');
    const store = await openStore(file);
    const sandboxes = [sandboxRow(), sandboxRow(), sandboxRow()];
    for (const row of sandboxes) store.insertSandbox(row);
    const writers = sandboxes.map(({ id }) => writer(file, id, 40));
    await Promise.all(writers.map((one) => one.over));
    for (const { id } of sandboxes) {
      assert.equal(store.listRuns(id).length, 40);
      assert.equal(store.getSandbox(id)?.generation, 40);
    }
    store.close();
  });

  it('keeps every committed row when the writer is killed at any moment', async () => {
    const file = join(newFolder(), 'petri.db');
    const row = sandboxRow();
    (await openStore(file).then((store) => { store.insertSandbox(row); return store; })).close();
    let runs = 0;
    let begun = 0;
    for (let round = 0; round < 30; round++) {
      const one = writer(file, row.id, 1_000_000);
      // However slow the machine: it is killed while it writes, not while it starts.
      while (Number.isNaN(one.committed()) || one.committed() === 0) await sleep(5);
      await sleep(Math.random() * 90);
      one.process.kill('SIGKILL');
      await one.over;
      const store = await openStore(file);
      assert.equal(store.database.pragma('integrity_check', { simple: true }), 'ok');
      const now = store.listRuns(row.id).length;
      assert.ok(now >= runs + one.committed(), `${now} rows after ${runs} and ${one.committed()} more`);
      const { generation, receipt } = store.getSandbox(row.id)!;
      assert.equal(String(generation === 0 ? null : generation), String(receipt), 'generation and receipt are of one transaction');
      const [next] = store.begunSync(row.id).keys();
      if (next !== undefined) {
        assert.equal(Number(next), generation + 1, 'what was begun is what was not recorded');
        begun += 1;
      }
      runs = now;
      store.close();
    }
    assert.ok(begun > 0, 'a kill met a sync that was begun');
  });

  it('gives the life lock to one process until that dies', async () => {
    const file = join(newFolder(), 'lock');
    const release = await takeLifeLock(file);
    assert.ok(release);
    assert.equal(await takeLifeLock(file), undefined);
    release();
    const again = await takeLifeLock(file);
    assert.ok(again);
    again();
  });
});
