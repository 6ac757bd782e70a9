import type { Database } from 'better-sqlite3';
import { PetriError } from '../../engine/errors';
import type { DependencySetRow, RunRow, SandboxRow, Store } from '../../engine/ports/store';
import type { IndexEntry } from '../../engine/sync/entry';
import { RowTable } from './columns';
import { IndexTable } from './indexTable';
import { installId } from './migrate';
import { dependencySetColumns, runColumns, sandboxColumns } from './rows';
import { withSqliteErrors } from './sqliteErrors';

type Intent = { name: string; sandboxId: string; createdAt: number };

/** The Store over one open, migrated database. Single statements are transactions of their own. */
export class SqliteStore implements Store {
  readonly installId: string;
  readonly #sandboxes: RowTable<SandboxRow>;
  readonly #runs: RowTable<RunRow>;
  readonly #sets: RowTable<DependencySetRow>;
  readonly #index: IndexTable;
  readonly #intents;

  constructor(readonly database: Database, readonly file: string) {
    this.installId = installId(database);
    this.#sandboxes = new RowTable(database, 'sandboxes', sandboxColumns);
    this.#runs = new RowTable(database, 'runs', runColumns);
    this.#sets = new RowTable(database, 'dependency_sets', dependencySetColumns);
    this.#index = new IndexTable(database);
    this.#intents = {
      insert: database.prepare<[string, string, number]>('INSERT INTO intents (name, sandbox_id, created_at) VALUES (?, ?, ?)'),
      remove: database.prepare<[string]>('DELETE FROM intents WHERE name = ?'),
      list: database.prepare<[], Intent>('SELECT name, sandbox_id AS sandboxId, created_at AS createdAt FROM intents ORDER BY created_at, name'),
    };
  }

  insertSandbox(row: SandboxRow): void {
    this.#guard(() => this.#sandboxes.insert(row));
  }

  getSandbox(id: string): SandboxRow | undefined {
    return this.#guard(() => this.#sandboxes.select('WHERE id = ?', id)[0]);
  }

  findByFolder(folder: string): SandboxRow | undefined {
    return this.#guard(() => this.#sandboxes.select('WHERE folder = ? AND status <> \'deleted\'', folder)[0]);
  }

  listSandboxes({ statuses, limit = -1, offset = 0 }: Parameters<Store['listSandboxes']>[0] = {}): SandboxRow[] {
    const where = statuses ? 'WHERE status IN (SELECT value FROM json_each(?))' : '';
    const values = statuses ? [JSON.stringify(statuses)] : [];
    return this.#guard(() => this.#sandboxes.select(`${where} ORDER BY seq DESC LIMIT ? OFFSET ?`, ...values, limit, offset));
  }

  updateSandbox(id: string, change: Partial<Omit<SandboxRow, 'id'>>): void {
    if (!this.#guard(() => this.#sandboxes.update(id, change))) throw missing('sandbox', id);
  }

  insertRun(row: RunRow): void {
    this.#guard(() => this.#runs.insert(row));
  }

  updateRun(id: string, change: Partial<Omit<RunRow, 'id' | 'sandboxId'>>): void {
    if (!this.#guard(() => this.#runs.update(id, change))) throw missing('run', id);
  }

  getRun(id: string): RunRow | undefined {
    return this.#guard(() => this.#runs.select('WHERE id = ?', id)[0]);
  }

  listRuns(sandboxId: string, { limit = -1, offset = 0 }: Parameters<Store['listRuns']>[1] = {}): RunRow[] {
    return this.#guard(() => this.#runs.select('WHERE sandbox_id = ? ORDER BY seq DESC LIMIT ? OFFSET ?', sandboxId, limit, offset));
  }

  openRuns(): RunRow[] {
    return this.#guard(() => this.#runs.select('WHERE status <> \'finished\' ORDER BY seq'));
  }

  insertDependencySet(row: DependencySetRow): void {
    this.#guard(() => this.#sets.insert(row));
  }

  updateDependencySet(id: string, change: Partial<Omit<DependencySetRow, 'id' | 'sandboxId'>>): void {
    if (!this.#guard(() => this.#sets.update(id, change))) throw missing('dependency set', id);
  }

  getDependencySet(id: string): DependencySetRow | undefined {
    return this.#guard(() => this.#sets.select('WHERE id = ?', id)[0]);
  }

  listDependencySets({ sandboxId, statuses, limit = -1 }: Parameters<Store['listDependencySets']>[0]): DependencySetRow[] {
    const conditions: Array<[sql: string, value: unknown]> = [
      ...(sandboxId === undefined ? [] : [['sandbox_id = ?', sandboxId] satisfies [string, unknown]]),
      ...(statuses ? [['status IN (SELECT value FROM json_each(?))', JSON.stringify(statuses)] satisfies [string, unknown]] : []),
    ];
    const where = conditions.length > 0 ? `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}` : '';
    return this.#guard(() => this.#sets.select(`${where} ORDER BY seq DESC LIMIT ?`, ...conditions.map(([, value]) => value), limit));
  }

  switchDependencySet(sandboxId: string, id: string, change: Partial<Omit<DependencySetRow, 'id' | 'sandboxId'>>): void {
    this.#guard(() => this.database.transaction(() => {
      this.updateDependencySet(id, change);
      this.updateSandbox(sandboxId, { dependencySet: id });
    }).immediate());
  }

  insertIntent({ name, sandboxId, createdAt }: Intent): void {
    this.#guard(() => this.#intents.insert.run(name, sandboxId, createdAt));
  }

  removeIntent(name: string): void {
    this.#guard(() => this.#intents.remove.run(name));
  }

  listIntents(): Intent[] {
    return this.#guard(() => this.#intents.list.all());
  }

  loadIndex(sandboxId: string): Map<string, IndexEntry> {
    return this.#guard(() => this.#index.load(sandboxId));
  }

  beginSync(sandboxId: string, intended: ReadonlyMap<string, IndexEntry | undefined>): void {
    if (!this.#guard(() => this.#index.begun.begin(sandboxId, intended))) throw missing('sandbox', sandboxId);
  }

  begunSync(sandboxId: string): Map<string, IndexEntry | undefined> {
    return this.#guard(() => this.#index.begun.read(sandboxId));
  }

  saveIndex(...[sandboxId, changes, state]: Parameters<Store['saveIndex']>): void {
    if (!this.#guard(() => this.#index.save(sandboxId, changes, state))) throw missing('sandbox', sandboxId);
  }

  clearIndex(sandboxId: string): void {
    this.#guard(() => this.#index.clear(sandboxId));
  }

  close(): void {
    this.#guard(() => this.database.close());
  }

  #guard<T>(work: () => T): T {
    return withSqliteErrors(this.file, work);
  }
}

function missing(what: string, id: string): PetriError {
  return new PetriError('not-found', `There is no ${what} ${id}.`);
}
