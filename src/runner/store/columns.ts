import type { Database, Statement } from 'better-sqlite3';

type Value = string | number | null;

/** How one property of a row lies in its table. */
export interface Column { name: string; toSql(value: unknown): Value; fromSql(value: Value): unknown }
/** One column for every property, so that a property forgotten is a type error. */
export type Columns<Row> = { [Property in keyof Row]-?: Column };

export const plain = (name: string): Column => ({ name, toSql: (value) => (value ?? null) as Value, fromSql: (value) => value });
export const flag = (name: string): Column => ({ name, toSql: (value) => (value ? 1 : 0), fromSql: (value) => value === 1 });
/** null stays NULL, so that SQL can ask for it. */
export const json = (name: string): Column => ({
  name,
  toSql: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
  fromSql: (value) => (value === null ? null : JSON.parse(value as string)),
});

/** Reads and writes the rows of one table that has a text key `id`. Statements are prepared once. */
export class RowTable<Row extends { id: string }> {
  readonly #statements = new Map<string, Statement<unknown[]>>();
  readonly #properties: Array<[property: string, column: Column]>;
  readonly #selected: string;

  constructor(readonly database: Database, readonly table: string, columns: Columns<Row>) {
    this.#properties = Object.entries(columns);
    this.#selected = this.#properties.map(([, column]) => column.name).join(', ');
  }

  insert(row: Row): void {
    const marks = this.#properties.map(() => '?').join(', ');
    const values = this.#properties.map(([property, column]) => column.toSql(row[property as keyof Row]));
    this.#prepared(`INSERT INTO ${this.table} (${this.#selected}) VALUES (${marks})`).run(values);
  }

  /** Writes the properties that `change` has; undefined ones are left alone. False when there is no such row. */
  update(id: string, change: Partial<Row>): boolean {
    const changed = this.#properties.filter(([property]) => change[property as keyof Row] !== undefined);
    if (changed.length === 0) return true;
    const set = changed.map(([, column]) => `${column.name} = ?`).join(', ');
    const values = changed.map(([property, column]) => column.toSql(change[property as keyof Row]));
    return this.#prepared(`UPDATE ${this.table} SET ${set} WHERE id = ?`).run(values, id).changes === 1;
  }

  /** `rest` is what follows the table's name. */
  select(rest: string, ...values: unknown[]): Row[] {
    const rows = this.#prepared(`SELECT ${this.#selected} FROM ${this.table} ${rest}`).raw().all(values) as Value[][];
    return rows.map((values) => Object.fromEntries(
      this.#properties.map(([property, column], at) => [property, column.fromSql(values[at] ?? null)]),
    ) as unknown as Row);
  }

  #prepared(sql: string): Statement<unknown[]> {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, statement = this.database.prepare(sql));
    return statement;
  }
}
