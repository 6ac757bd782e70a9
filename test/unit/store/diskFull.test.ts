import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openStore } from '../../../src/runner/store/openStore';
import { entries, runRow, sandboxRow } from './rows';
import { SmallDisk } from './smallDisk';

describe('store on a full disk', () => {
  let disk: SmallDisk;
  beforeEach(function () { disk = SmallDisk.for(this); });
  afterEach(() => disk?.unmount());

  it('says so, leaves nothing half written, and works again when there is room', async () => {
    const file = join(disk.folder, 'petri.db');
    let store = await openStore(file);
    const row = sandboxRow();
    store.insertSandbox(row);
    store.saveIndex(row.id, entries(100), { generation: 1, receipt: 'first' });

    disk.fill(100_000);
    const full = { code: 'disk-full' };
    assert.throws(() => store.saveIndex(row.id, entries(30_000), { generation: 2, receipt: 'second' }), full);
    assert.equal(store.loadIndex(row.id).size, 100);
    assert.equal(store.getSandbox(row.id)?.receipt, 'first');
    disk.fill();
    assert.throws(() => { for (let at = 0; at < 1000; at++) store.insertRun(runRow(row.id)); }, full);
    const runs = store.listRuns(row.id).length;
    store.close();

    disk.free();
    store = await openStore(file);
    assert.equal(store.listRuns(row.id).length, runs, 'every run that was not refused is there');
    store.saveIndex(row.id, entries(200), { generation: 2, receipt: 'second' });
    assert.equal(store.loadIndex(row.id).size, 200);
    assert.equal(store.database.pragma('integrity_check', { simple: true }), 'ok');
    store.close();
  });

  it('cannot be made on one', async () => {
    disk.fill();
    await assert.rejects(openStore(join(disk.folder, 'petri.db')), { code: 'disk-full' });
  });
});
