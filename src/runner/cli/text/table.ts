import { printable } from './printable';

/** A column's heading; with `right`, its cells are set to the right. */
export type Column = string | { right: string };

const GAP = '  ';

/** Aligned rows under headings, one line each. Cells are made printable. */
export function table(columns: Column[], rows: string[][]): string {
  const headings = columns.map((column) => (typeof column === 'string' ? column : column.right));
  const cells = [headings, ...rows.map((row) => row.map(printable))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => lengthOf(row[index] ?? ''))));
  const sides = columns.map((column) => (typeof column === 'string' ? 'left' : 'right'));
  const set = (row: string[]) => sides.map((side, index) => pad(row[index] ?? '', widths[index]!, side));
  return cells.map((row) => `${set(row).join(GAP).trimEnd()}\n`).join('');
}

/** `Name  value` lines, the values aligned and made printable. */
export function facts(entries: Array<[name: string, value: string]>): string {
  const width = Math.max(...entries.map(([name]) => lengthOf(name)));
  return entries.map(([name, value]) => `${pad(name, width)}${GAP}${printable(value)}\n`).join('');
}

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return align === 'left' ? text + fill : fill + text;
}

/** Characters, not UTF-16 units; close enough to columns for names. */
function lengthOf(text: string): number {
  return [...text].length;
}
