import assert from 'node:assert/strict';
import { copyFileSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync, closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openStore } from '../../../src/runner/store/openStore';
import { migrate } from '../../../src/runner/store/migrate';
import { requireNode } from '../../../src/runner/store/nodeVersion';
import { entries, newFolder, sandboxRow } from './rows';

async function databaseWithRows(): Promise<string> {
  const file = join(newFolder(), 'petri.db');
  const store = await openStore(file);
  const row = sandboxRow();
  store.insertSandbox(row);
  store.saveIndex(row.id, entries(2000), { generation: 1, receipt: null });
  store.close();
  return file;
}

describe('store, a database that cannot be used', () => {
  it('refuses what is no database, names the file and leaves it as it is', async () => {
    const file = join(newFolder(), 'petri.db');
    writeFileSync(file, 'my letters\n'.repeat(1000));
    const before = readFileSync(file);
    await assert.rejects(openStore(file), (error: Error & { code: string; action: string }) => {
      assert.equal(error.code, 'database-corrupt');
      assert.ok(error.message.includes(file));
      assert.match(error.action, /aside/);
      return true;
    });
    assert.deepEqual(readFileSync(file), before);
  });

  it('refuses a database cut short', async () => {
    const file = await databaseWithRows();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    await assert.rejects(async () => {
      const store = await openStore(file);
      try { store.loadIndex(store.listSandboxes()[0]!.id); } finally { store.close(); }
    }, { code: 'database-corrupt' });
  });

  it('finds damaged pages at the start after a crash', async () => {
    const file = await databaseWithRows();
    const page = 4096;
    const descriptor = openSync(file, 'r+');
    for (let at = 20; at < 60; at++) writeSync(descriptor, Buffer.alloc(page, 0x5a), 0, page, at * page);
    closeSync(descriptor);
    writeFileSync(`${file}-wal`, '');
    await assert.rejects(openStore(file), { code: 'database-corrupt' });
  });

  it('refuses a newer schema and changes nothing in it', async () => {
    const file = await databaseWithRows();
    const other = new Sqlite(file);
    other.pragma('user_version = 99');
    other.close();
    await assert.rejects(openStore(file), { code: 'database-newer' });
    const again = new Sqlite(file);
    assert.equal(again.pragma('user_version', { simple: true }), 99);
    again.close();
  });

  it('takes each step of a migration whole or not at all', () => {
    const file = join(newFolder(), 'petri.db');
    const database = new Sqlite(file);
    const good = 'CREATE TABLE a (x)';
    assert.throws(() => migrate(database, file, [good, 'CREATE TABLE b (x); INSERT INTO a VALUES (1); nonsense']), /nonsense/);
    assert.equal(database.pragma('user_version', { simple: true }), 1);
    assert.deepEqual(database.prepare('SELECT name FROM sqlite_master').pluck().all(), ['a']);
    migrate(database, file, [good, 'INSERT INTO a VALUES (2)']);
    migrate(database, file, [good, 'INSERT INTO a VALUES (2)']);
    assert.deepEqual(database.prepare('SELECT x FROM a').pluck().all(), [2]);
    database.close();
  });

  it('reads a database whose process was killed between commit and close', async () => {
    const file = join(newFolder(), 'petri.db');
    const store = await openStore(file);
    const row = sandboxRow();
    store.insertSandbox(row);
    const copy = join(newFolder(), 'petri.db');
    for (const end of ['', '-wal']) copyFileSync(file + end, copy + end);
    store.close();
    assert.equal(existsSync(`${file}-wal`), false, 'a clean close leaves no log');
    const after = await openStore(copy);
    assert.deepEqual(after.getSandbox(row.id), row);
    after.close();
    rmSync(copy);
  });

  it('refuses a Node on which SQLite would crash the process', () => {
    for (const version of ['18.20.4', '20.20.2', '22.13.1']) assert.throws(() => requireNode(version), { code: 'node-too-old' }, version);
    for (const version of ['22.14.0', '22.15.1', '24.0.0', '100.1.0']) requireNode(version);
  });
});
