import { closeSync, openSync } from 'node:fs';
import { requireNode } from './nodeVersion';
import { withSqliteErrors } from './sqliteErrors';

/**
 * Takes `file` as a lock that this process keeps until it releases it or dies, however it dies: SQLite's file locks are
 * the only ones within Node's reach that the kernel takes back. Undefined when another process has it.
 * Rejects node-too-old and disk-full.
 */
export async function takeLifeLock(file: string): Promise<(() => void) | undefined> {
  requireNode();
  const { default: Sqlite } = await import('better-sqlite3');
  return withSqliteErrors(file, () => {
    // SQLite gives its journal the mode of the file itself.
    closeSync(openSync(file, 'a', 0o600));
    const database = new Sqlite(file, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if ((error as { code?: string }).code === 'SQLITE_BUSY') return undefined;
      throw error;
    }
    return () => database.close();
  });
}
