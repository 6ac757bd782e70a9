import { PetriError } from '../../engine/errors';

/** Runs `work`; what SQLite throws comes out as a PetriError that names the database file. */
export function withSqliteErrors<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fromSqlite(file, cause);
  }
}

/** The way out of a database that cannot be used. Nothing is ever moved or deleted on the user's behalf. */
export function corrupt(file: string, what: string, cause?: unknown): PetriError {
  return new PetriError('database-corrupt', `Petri's database ${file} is damaged: ${what}.`, {
    action: `Stop Petri, then move ${file} and the files beginning with its name aside to start with an empty one; `
      + 'the sandboxes\' volumes stay on the engine and "petri cleanup" lists them.',
    details: [file], cause,
  });
}

function fromSqlite(file: string, cause: unknown): unknown {
  const code = sqliteCode(cause);
  if (code === undefined) return cause;
  const said = (cause as Error).message;
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_IOERR_CORRUPTFS') return corrupt(file, said, cause);
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return new PetriError('disk-full', `The disk that holds Petri's database ${file} is full or failing: ${said}.`, {
      action: 'Free some space there and try again; nothing was half written.', details: [file], cause,
    });
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new PetriError('conflict', `Another process keeps Petri's database ${file} busy.`, { action: 'Try again in a moment.', cause });
  }
  if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return new PetriError('conflict', `Petri already has such a record: ${said}.`, { cause });
  }
  return new PetriError('internal', `Petri's database ${file} refused: ${said} (${code}).`, { details: [file], cause });
}

function sqliteCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error ? (thrown as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
