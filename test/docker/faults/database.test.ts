import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import type { PetriClientError } from '../../../src/sdk/typescript/errors';
import { eventually } from '../support/eventually';
import { makeFolder, type Folder } from '../support/folder';
import { kill, RunnerHome } from '../support/runnerProcess';

describe('a database that the runner cannot use', function () {
  this.timeout(60_000);
  let home: RunnerHome;
  let folder: Folder;
  beforeEach(async () => {
    home = new RunnerHome();
    folder = makeFolder({ 'a.txt': 'a' });
    const petri = await home.connect();
    await home.sandbox(petri, folder.path);
    const { pid } = await petri.status();
    petri.close();
    await kill(pid);
    // What the killed runner left in the log becomes part of the file that the test then damages.
    await change(() => undefined);
  });
  afterEach(async () => {
    await home.remove();
    folder.remove();
  });

  it('since a newer Petri wrote it: refused with the way out, unchanged', async () => {
    await change((database) => database.pragma('user_version = 9999'));
    await isRefused('database-newer');
  });

  it('since its pages are overwritten: refused with the way out, unchanged', async () => {
    const bytes = readFileSync(home.paths.database);
    bytes.fill(0xa5, 100);
    writeFileSync(home.paths.database, bytes);
    await isRefused('database-corrupt');
  });

  it('since it is something else: refused with the way out, unchanged', async () => {
    writeFileSync(home.paths.database, 'these are notes of mine, and no database at all\n'.repeat(100));
    await isRefused('database-corrupt');
  });

  it('since half of it is missing: refused with the way out, unchanged', async () => {
    const { length } = readFileSync(home.paths.database);
    truncateSync(home.paths.database, Math.floor(length / 2 / 4096) * 4096);
    await isRefused('database-corrupt');
  });

  it('works again once the file was moved aside, as the error says', async () => {
    const kept = readFileSync(home.paths.database);
    writeFileSync(home.paths.database, 'no database\n'.repeat(1000));
    await isRefused('database-corrupt');
    writeFileSync(home.paths.database, kept);
    const petri = await home.connect();
    assert.equal((await petri.sandboxes()).length, 1);
  });

  /** With everything in the file itself afterwards: what is still in the log would go in when the runner under test opens it. */
  async function change(work: (database: Database) => unknown): Promise<void> {
    const database = new Sqlite(home.paths.database);
    work(database);
    await eventually(() => database.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0, 'somebody still reads the database');
    database.close();
  }

  async function isRefused(code: string): Promise<void> {
    const before = fingerprint();
    const error = await home.connect().then(() => undefined, (thrown: PetriClientError) => thrown);
    assert.equal(error?.code, code, error?.message);
    assert.match(error!.message, /^Petri's database [^\n]*\.$/);
    assert.ok(error!.message.includes(home.paths.database));
    assert.match(error!.action ?? '', /^[A-Z][^\n]*\.$/);
    assert.deepEqual(fingerprint(), before, 'the database was touched');
    assert.equal(await home.pid(), undefined, 'a runner stays');
  }

  /** The database, and what lies beside it with its name. */
  function fingerprint(): string[] {
    return readdirSync(home.folder).filter((name) => name === 'petri.db').map((name) => `${name} ${createHash('sha256').update(readFileSync(join(home.folder, name))).digest('hex')}`);
  }
});
