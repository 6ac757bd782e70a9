import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../src/runner/store/openStore';
import type { SqliteStore } from '../../../src/runner/store/sqliteStore';
import type { Store } from '../../../src/engine/ports/store';
import type { IndexEntry } from '../../../src/engine/sync/entry';
import { entries, newFolder, runRow, sandboxRow } from './rows';

describe('store', () => {
  let file: string;
  let store: Store;
  const reopen = async () => { store.close(); store = await openStore(file); };

  beforeEach(async () => { store = await openStore(file = join(newFolder(), 'petri.db')); });
  afterEach(() => store.close());

  it('gives a sandbox back as it was written, after a restart too', async () => {
    const rows = [
      sandboxRow({ folder: '/home/u/a "b"\n', languageChosen: true, image: 'x:1', agent: 'a', stoppedAt: 2 ** 40, deletesAt: 3, receipt: 'r',
        limits: { cpus: 0.5 }, allow: ['.env', '*.pem'], error: { code: 'disk-full', message: 'm' } }),
      sandboxRow(),
    ];
    for (const row of rows) store.insertSandbox(row);
    await reopen();
    for (const row of rows) assert.deepEqual(store.getSandbox(row.id), row);
    assert.equal(store.getSandbox('sb_none'), undefined);
  });

  it('changes what is named and leaves the rest', () => {
    const row = sandboxRow({ receipt: 'r', error: { code: 'c', message: 'm' } });
    store.insertSandbox(row);
    store.updateSandbox(row.id, { status: 'stopped', error: null, receipt: undefined });
    assert.deepEqual(store.getSandbox(row.id), { ...row, status: 'stopped', error: null });
    store.updateSandbox(row.id, {});
    assert.throws(() => store.updateSandbox('sb_none', { status: 'stopped' }), { code: 'not-found' });
  });

  it('holds one sandbox a folder until that is deleted', () => {
    const first = sandboxRow({ folder: '/f' });
    store.insertSandbox(first);
    assert.throws(() => store.insertSandbox(sandboxRow({ folder: '/f' })), { code: 'conflict' });
    store.updateSandbox(first.id, { status: 'deleted' });
    assert.equal(store.findByFolder('/f'), undefined);
    const second = sandboxRow({ folder: '/f' });
    store.insertSandbox(second);
    assert.equal(store.findByFolder('/f')?.id, second.id);
  });

  it('lists newest first, by status, in pages', () => {
    const ids = ['created', 'running', 'stopped', 'running'].map((status) => {
      const row = sandboxRow({ status: status as 'running' });
      store.insertSandbox(row);
      return row.id;
    });
    const listed = (...options: Parameters<Store['listSandboxes']>) => store.listSandboxes(...options).map(({ id }) => ids.indexOf(id));
    assert.deepEqual(listed(), [3, 2, 1, 0]);
    assert.deepEqual(listed({ statuses: ['running', 'stopped'] }), [3, 2, 1]);
    assert.deepEqual(listed({ limit: 2, offset: 1 }), [2, 1]);
    assert.deepEqual(listed({ statuses: [] }), []);
  });

  it('keeps runs, knows the open ones, and the word from the argv', async () => {
    const { id } = sandboxRow();
    store.insertSandbox(sandboxRow({ id }));
    const word = runRow(id, { command: 'ls' });
    const argv = runRow(id, { command: ['ls'] });
    store.insertRun(word);
    store.insertRun(argv);
    const end = { status: 'finished', reason: 'exited', exitCode: 0, endedAt: 9, durationMs: 1.25, stdoutBytes: 2 ** 40, truncated: true,
      files: { created: ['a'], changed: [], deleted: ['ü\n'], shared: false } } as const;
    store.updateRun(word.id, { ...end, files: { ...end.files, created: ['a'], changed: [], deleted: ['ü\n'] } });
    await reopen();
    assert.deepEqual(store.getRun(word.id), { ...word, ...end });
    assert.deepEqual(store.getRun(argv.id), argv);
    assert.deepEqual(store.openRuns().map((run) => run.id), [argv.id]);
    assert.deepEqual(store.listRuns(id).map((run) => run.id), [argv.id, word.id]);
    assert.deepEqual(store.listRuns(id, { limit: 1, offset: 1 }).map((run) => run.id), [word.id]);
    assert.throws(() => store.insertRun(runRow('sb_none')), { name: 'PetriError' }, 'a run without its sandbox');
  });

  it('keeps intents until they are removed', async () => {
    const intent = { name: 'petri-x', sandboxId: 'sb_1', createdAt: 7 };
    store.insertIntent(intent);
    await reopen();
    assert.deepEqual(store.listIntents(), [intent]);
    store.removeIntent('petri-x');
    store.removeIntent('petri-x');
    assert.deepEqual(store.listIntents(), []);
  });

  it('keeps its install id, and the file to the user', async () => {
    const id = store.installId;
    assert.match(id, /^[0-9a-f]{32}$/);
    await reopen();
    assert.equal(store.installId, id);
    for (const name of [file, `${file}-wal`]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
  });

  describe('index', () => {
    const side = { type: 'file', mode: 0o755, size: 3, content: 'c'.repeat(64) } as const;
    const host = { ...side, mtimeMs: 1760000000123.4568, ctimeMs: 0.001, ino: 2 ** 52 + 1, racy: true };
    const odd: Array<[string, IndexEntry]> = [
      ['same', { host, box: { ...side, stat: '1:2:3' } }],
      ['no stat', { host, box: { ...side, stat: '' } }],
      ['changed by a run', { host, box: { ...side, size: 4, content: 'unreadable', stat: 'a b' } }],
      ['host only', { host }],
      ['box only', { box: { ...side, stat: '1 2' } }],
      ['folder ', { host: { ...host, type: 'folder', size: 0, content: '' }, box: { type: 'folder', mode: 0o700, size: 0, content: '', stat: '' } }],
      ['link', { host: { ...host, type: 'symlink', content: ' a b = \n' }, box: { type: 'symlink', mode: 0o777, size: 0, content: '=  x\t', stat: '9 9' } }],
      ['-ü\n"\\ 漢😀', { host, box: { ...side, content: 'd'.repeat(64), stat: 's' } }],
    ];

    it('gives every kind of entry back, with generation and receipt', async () => {
      const { id } = sandboxRow();
      store.insertSandbox(sandboxRow({ id }));
      store.saveIndex(id, odd, { generation: 4, receipt: 'root' });
      await reopen();
      assert.deepEqual([...store.loadIndex(id)].sort(), [...odd].sort());
      assert.partialDeepStrictEqual(store.getSandbox(id), { generation: 4, receipt: 'root' });
    });

    it('takes a delta: what is undefined goes, the rest stays; another sandbox is another index', () => {
      const [a, b] = [sandboxRow(), sandboxRow()];
      for (const row of [a, b]) {
        store.insertSandbox(row);
        store.saveIndex(row.id, odd, { generation: 1, receipt: 'r' });
      }
      store.saveIndex(a.id, [['same', undefined], ['link', {}], ['new', { host }]], { generation: 2, receipt: null });
      assert.deepEqual([...store.loadIndex(a.id).keys()].sort(), [...odd.map(([path]) => path).filter((p) => p !== 'same' && p !== 'link'), 'new'].sort());
      assert.equal(store.loadIndex(b.id).size, odd.length);
      store.clearIndex(a.id);
      assert.equal(store.loadIndex(a.id).size, 0);
      assert.equal(store.loadIndex(b.id).size, odd.length);
    });

    it('keeps what a sync is about to do until it is saved, or the index is cleared', async () => {
      const [a, b] = [sandboxRow(), sandboxRow()];
      for (const row of [a, b]) {
        store.insertSandbox(row);
        store.saveIndex(row.id, odd, { generation: 1, receipt: 'r' });
        assert.equal(store.begunSync(row.id).size, 0);
        store.beginSync(row.id, new Map([...odd, ['goes', undefined]]));
      }
      assert.equal((store as SqliteStore).database.pragma('synchronous', { simple: true }), 2, 'FULL again');
      await reopen();
      assert.deepEqual([...store.begunSync(a.id)], [...odd, ['goes', undefined]]);
      store.beginSync(a.id, new Map([['again', undefined]]));
      assert.deepEqual([...store.begunSync(a.id)], [['again', undefined]]);
      store.saveIndex(a.id, [], { generation: 2, receipt: 'r' });
      assert.equal(store.begunSync(a.id).size, 0);
      assert.equal(store.begunSync(b.id).size, odd.length + 1);
      store.clearIndex(b.id);
      assert.equal(store.begunSync(b.id).size, 0);
      assert.throws(() => store.beginSync('sb_none', new Map()), { code: 'not-found' });
    });

    it('leaves nothing half saved when the changes break off', () => {
      const row = sandboxRow();
      store.insertSandbox(row);
      store.saveIndex(row.id, odd, { generation: 1, receipt: 'r' });
      const breaking = function* () { yield ['new', { host }] as [string, IndexEntry]; throw new Error('scan failed'); };
      assert.throws(() => store.saveIndex(row.id, breaking(), { generation: 2, receipt: 'x' }), /scan failed/);
      assert.equal(store.loadIndex(row.id).size, odd.length);
      assert.equal(store.getSandbox(row.id)?.generation, 1);
      assert.throws(() => store.saveIndex('sb_none', odd, { generation: 1, receipt: null }), { code: 'not-found' });
    });

    it('holds 100,000 paths', function () {
      this.timeout(30_000);
      const row = sandboxRow();
      store.insertSandbox(row);
      const all = [...entries(100_000)];
      store.saveIndex(row.id, all, { generation: 1, receipt: 'r' });
      const loaded = store.loadIndex(row.id);
      assert.equal(loaded.size, all.length);
      for (const at of [0, 50_000, 99_999]) assert.deepEqual(loaded.get(all[at]![0]), all[at]![1]);
    });
  });
});
