/** Controls, and marks that turn the reading direction or cannot be seen: nothing a name or a licence needs. */
const UNSAFE = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]|\p{Cs}/gu;

/** One short line of what a package says of itself. '' when nothing is left. */
export function clean(text: string, mostCharacters = 300): string {
  // Cut first: a megabyte of blanks is not worth a regular expression's time.
  const line = text.slice(0, mostCharacters * 4).replace(/\s+/g, ' ').replace(UNSAFE, '').trim();
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters - 1)}…` : line;
}

/** An object of somebody else's JSON, to be read by `textOf` and `recordOf` only. undefined for whatever else it is. */
export function parseRecord(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    return recordOf(JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

/** Without a prototype: `constructor` and `__proto__` are names like any other. */
export function recordOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.assign(Object.create(null) as Record<string, unknown>, Object.fromEntries(Object.entries(value).filter(([key]) => key !== '__proto__')));
}

export function textOf(value: unknown, mostCharacters?: number): string {
  return typeof value === 'string' ? clean(value, mostCharacters) : '';
}

/**
 * Paragraphs of `Name: value` with continuation lines: Python's METADATA (its first paragraph), dpkg's status. Names in lower
 * case, values of repeated fields in order.
 */
export function* paragraphs(text: string): Generator<Map<string, string[]>> {
  let fields = new Map<string, string[]>();
  let last: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') {
      if (fields.size > 0) yield fields;
      fields = new Map();
      last = undefined;
    } else if (/^[ \t]/.test(line)) {
      if (last) last[last.length - 1] += `\n${line.trim()}`;
    } else {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      const name = line.slice(0, colon).trim().toLowerCase();
      last = fields.get(name) ?? [];
      last.push(line.slice(colon + 1).trim());
      fields.set(name, last);
    }
  }
  if (fields.size > 0) yield fields;
}

/** By code units: the same everywhere, whatever the machine's locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
