import type { Database } from 'better-sqlite3';
import type { IndexEntry } from '../../engine/sync/entry';
import { BegunSyncs } from './begunSyncs';
import { packEntry, unpackEntry } from './packedEntry';

/** Rows that one statement puts: a first sync has thousands, and putting them one by one takes twice as long. */
const TOGETHER = 100;

type Change = [path: string, entry: IndexEntry | undefined];
/** Four for each row. */
type Values = Array<number | string | null>;

/** The three-way index of every workspace, and what syncs have begun to make of it. */
export class IndexTable {
  readonly begun: BegunSyncs;
  readonly #load;
  readonly #put;
  readonly #putTogether;
  readonly #remove;
  readonly #state;
  readonly #saveAll;
  readonly #clearAll;

  constructor(database: Database) {
    this.begun = new BegunSyncs(database);
    const ofSandbox = 'sandbox = (SELECT seq FROM sandboxes WHERE id = ?)';
    this.#load = database.prepare<[string]>(`SELECT path, host, box FROM entries WHERE ${ofSandbox}`).raw();
    const putting = (rows: number) => `INSERT OR REPLACE INTO entries (sandbox, path, host, box) VALUES ${Array<string>(rows).fill('(?, ?, ?, ?)').join(', ')}`;
    this.#put = database.prepare<Values>(putting(1));
    this.#putTogether = database.prepare<Values>(putting(TOGETHER));
    this.#remove = database.prepare<[number, string]>('DELETE FROM entries WHERE sandbox = ? AND path = ?');
    this.#state = database.prepare<[number, string | null, string], number>(
      'UPDATE sandboxes SET generation = ?, receipt = ? WHERE id = ? RETURNING seq').pluck();
    this.#saveAll = database.transaction((sandboxId: string, changes: Iterable<Change>, state: { generation: number; receipt: string | null }) => {
      const seq = this.#state.get(state.generation, state.receipt, sandboxId);
      if (seq === undefined) return false;
      this.#saveEach(seq, changes);
      this.begun.over(sandboxId);
      return true;
    });
    const clear = database.prepare<[string]>(`DELETE FROM entries WHERE ${ofSandbox}`);
    this.#clearAll = database.transaction((sandboxId: string) => {
      clear.run(sandboxId);
      this.begun.over(sandboxId);
    });
  }

  load(sandboxId: string): Map<string, IndexEntry> {
    const index = new Map<string, IndexEntry>();
    for (const [path, host, box] of this.#load.all(sandboxId) as Array<[string, string | null, string | null]>) {
      index.set(path, unpackEntry(host, box));
    }
    return index;
  }

  /** False when there is no such sandbox. */
  save(sandboxId: string, changes: Iterable<Change>, state: { generation: number; receipt: string | null }): boolean {
    return this.#saveAll.immediate(sandboxId, changes, state);
  }

  clear(sandboxId: string): void {
    this.#clearAll.immediate(sandboxId);
  }

  #saveEach(seq: number, changes: Iterable<Change>): void {
    let values: Values = [];
    for (const [path, entry] of changes) {
      const { host, box } = packEntry(entry ?? {});
      // A path that neither side has is no entry.
      if (host === null && box === null) this.#remove.run(seq, path);
      else values.push(seq, path, host, box);
      if (values.length < 4 * TOGETHER) continue;
      this.#putTogether.run(...values);
      values = [];
    }
    for (let at = 0; at < values.length; at += 4) this.#put.run(...values.slice(at, at + 4));
  }
}
