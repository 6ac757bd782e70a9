import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { PetriError } from '../../engine/errors';
import { migrate } from './migrate';
import { requireNode } from './nodeVersion';
import { corrupt, withSqliteErrors } from './sqliteErrors';
import { SqliteStore } from './sqliteStore';

/** How long a write waits for another process's transaction, ms. */
const BUSY_TIMEOUT = 10_000;
/** A first sync's big transaction grows the write-ahead log; it is cut back to this, bytes. */
const LOG_SIZE_LIMIT = 16 * 1024 * 1024;

/**
 * Opens the database, or makes it, in a folder that exists. Rejects node-too-old, database-corrupt, database-newer and
 * disk-full; a file that cannot be used is never replaced.
 */
export async function openStore(file: string): Promise<SqliteStore> {
  requireNode();
  const { default: Sqlite } = await import('better-sqlite3');
  // A log that is still there was not folded in by a close: the last process was killed, or the machine went down.
  const unclean = existsSync(`${file}-wal`);
  makePrivate(file);
  return withSqliteErrors(file, () => {
    const database = new Sqlite(file, { timeout: BUSY_TIMEOUT });
    try {
      prepare(database);
      if (unclean) check(database, file);
      migrate(database, file);
      return new SqliteStore(database, file);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function prepare(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma(`journal_size_limit = ${LOG_SIZE_LIMIT}`);
  // In KiB: the inner pages of an index with 100,000 paths stay in memory.
  database.pragma('cache_size = -16384');
}

function check(database: Database, file: string): void {
  const said = database.pragma('quick_check(1)', { simple: true });
  if (said !== 'ok') throw corrupt(file, String(said));
}

/** SQLite gives its log and shared memory the mode of the database itself. */
function makePrivate(file: string): void {
  try {
    // Opened for nothing else: closing a file takes this process's own locks on it, SQLite's too.
    if (existsSync(file)) chmodSync(file, 0o600);
    else closeSync(openSync(file, 'a', 0o600));
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new PetriError(full ? 'disk-full' : 'internal', `Petri's database ${file} cannot be opened: ${(cause as Error).message}.`, {
      action: full ? 'Free some space there and try again.' : 'Check who may write there, or choose another folder with PETRI_HOME.', cause,
    });
  }
}
