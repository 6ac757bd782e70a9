import type { Database } from 'better-sqlite3';
import type { IndexEntry } from '../../engine/sync/entry';
import { packEntry, unpackEntry } from './packedEntry';

type Intended = ReadonlyMap<string, IndexEntry | undefined>;
type Packed = [path: string, host: string | null, box: string | null];

/** Syncs that were begun: one row each, for it comes and goes with every edit. */
export class BegunSyncs {
  readonly #put;
  readonly #get;
  readonly #remove;

  constructor(private readonly database: Database) {
    this.#put = database.prepare<[string, string]>('INSERT OR REPLACE INTO begun_syncs (sandbox, intended) SELECT seq, ? FROM sandboxes WHERE id = ?');
    this.#get = database.prepare<[string], string>('SELECT intended FROM begun_syncs JOIN sandboxes ON seq = sandbox WHERE id = ?').pluck();
    this.#remove = database.prepare<[string]>('DELETE FROM begun_syncs WHERE sandbox = (SELECT seq FROM sandboxes WHERE id = ?)');
  }

  /**
   * False when there is no such sandbox. Without waiting for the disk: the log has it when this process is killed, which is
   * what it is for, and a sync would else wait for the disk twice.
   */
  begin(sandboxId: string, intended: Intended): boolean {
    const packed = [...intended].map(([path, entry]): Packed => {
      const { host, box } = packEntry(entry ?? {});
      return [path, host, box];
    });
    this.database.pragma('synchronous = NORMAL');
    try {
      return this.#put.run(JSON.stringify(packed), sandboxId).changes > 0;
    } finally {
      this.database.pragma('synchronous = FULL');
    }
  }

  read(sandboxId: string): Map<string, IndexEntry | undefined> {
    const text = this.#get.get(sandboxId);
    const packed = text === undefined ? [] : JSON.parse(text) as Packed[];
    return new Map(packed.map(([path, host, box]) => [path, host === null && box === null ? undefined : unpackEntry(host, box)]));
  }

  /** Within the transaction that records what came of it. */
  over(sandboxId: string): void {
    this.#remove.run(sandboxId);
  }
}
