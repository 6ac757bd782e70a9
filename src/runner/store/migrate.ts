import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { PetriError } from '../../engine/errors';
import { start } from './migrations/001-start';
import { begunSyncs } from './migrations/002-begun-syncs';
import { dependencies } from './migrations/003-dependencies';
import { missingImports } from './migrations/004-missing-imports';

/** One SQL script a step, in order; a released one never changes. Step n takes user_version from n - 1 to n. */
const STEPS: readonly string[] = [start, begunSyncs, dependencies, missingImports];

/** Brings the schema up to date, each step in one transaction. Throws database-newer for a schema that a later Petri wrote. */
export function migrate(database: Database, file: string, steps: readonly string[] = STEPS): void {
  const step = database.transaction((): boolean => {
    // Read inside the transaction: another process may have done the step while this one waited for the lock.
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > steps.length) throw newer(file, version, steps.length);
    const script = steps[version];
    if (script === undefined) return false;
    database.exec(script);
    database.pragma(`user_version = ${version + 1}`);
    return true;
  });
  while (step.immediate());
}

/** The id that labels on the engine carry: made once for a database. */
export function installId(database: Database): string {
  database.prepare('INSERT OR IGNORE INTO meta (key, value) VALUES (\'install_id\', ?)').run(randomBytes(16).toString('hex'));
  return database.prepare('SELECT value FROM meta WHERE key = \'install_id\'').pluck().get() as string;
}

function newer(file: string, found: number, known: number): PetriError {
  return new PetriError('database-newer', `Petri's database ${file} was written by a newer Petri (schema ${found}, this one knows ${known}).`, {
    action: `Update this Petri, or give it a state folder of its own with PETRI_HOME.`, details: [file],
  });
}
