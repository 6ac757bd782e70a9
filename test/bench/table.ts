import type { RowResult } from './measure';
import { linesOf, type Line } from './verdict';

const COLUMNS = [38, 5, 10, 10, 10, 9, 9, 8];
const HEAD = ['', 'n', 'p50', 'p95', 'min', 'Petri÷it', 'target', ''];

/** A row of the bench as aligned lines of text. */
export function tableOf(result: RowResult): string {
  const text = ['', `${result.row.title}  [${result.row.id}]`, `  ${result.row.what}`];
  for (const metric of result.row.metrics) {
    text.push(cells([`  ${metric.label}, ${metric.unit}`, ...HEAD.slice(1)]));
    for (const line of linesOf(result, metric)) text.push(...linesFor(line));
  }
  const checked = result.measured.reduce((sum, { checked: count }) => sum + count, 0);
  text.push(result.failure ? `  FAILED: ${result.failure}` : `  content right in ${checked} of ${checked} readings, digest ${result.digest}`);
  return `${text.join('\n')}\n`;
}

function linesFor({ name, ours, summary, ratio, verdict, failure }: Line): string[] {
  const numbers = summary ? [String(summary.n), ...[summary.p50, summary.p95, summary.min].map(short)] : ['-', '-', '-', '-'];
  const judged = [ratio === undefined ? '' : ratio.toFixed(3), verdict?.target ?? '', verdict ? (verdict.met ? 'met' : 'MISSED') : ''];
  const row = cells([`  ${ours ? '▸' : ' '} ${name}`, ...numbers, ...judged]);
  return failure ? [row, `      FAILED: ${failure}`] : [row];
}

function cells(texts: string[]): string {
  return texts.map((text, index) => (index === 0 ? text.padEnd(COLUMNS[0]!) : text.padStart(COLUMNS[index]!))).join('').trimEnd();
}

/** Three digits that count. */
function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
