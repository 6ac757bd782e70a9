export class Tally {
  #byPath = new Map();

  add({ path, status, bytes }) {
    const row = this.#byPath.get(path) ?? { path, hits: 0, errors: 0, bytes: 0 };
    row.hits += 1;
    row.bytes += bytes;
    if (status >= 400) row.errors += 1;
    this.#byPath.set(path, row);
  }

  /** Most hits first, then by name. */
  rows() {
    return [...this.#byPath.values()].sort((a, b) => b.hits - a.hits || (a.path < b.path ? -1 : 1));
  }
}
