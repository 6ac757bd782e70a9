import type { Change } from '../../../protocol/changes';
import type { Colors } from '../text/colors';
import { gitQuoted, printable, printableLines } from '../text/printable';
import type { FileDiff } from './fileDiff';

const BAR = 40;

/**
 * A unified diff as git prints it. For a pipe the lines keep their bytes, so that a patch applies; a terminal is shown
 * spelled-out controls instead.
 */
export function unified(change: Change, diff: FileDiff, terminal: boolean, { bold, cyan, green, red }: Colors): Buffer {
  const name = printable(change.path);
  if (change.type === 'folder') return utf8([bold(`Folder ${change.kind}: ${name}`)]);
  const [from, to] = [gitQuoted(`a/${change.path}`), gitQuoted(`b/${change.path}`)];
  const head = [`diff --git ${from} ${to}`];
  const [before, after] = [gitMode(change, change.old_target, change.old_mode), gitMode(change, change.target, change.mode)];
  if (change.kind === 'created') head.push(`new file mode ${after}`);
  else if (change.kind === 'deleted') head.push(`deleted file mode ${before}`);
  else if (before !== after) head.push(`old mode ${before}`, `new mode ${after}`);
  const remark = remarkOn(change, diff, name);
  if (remark !== undefined) return utf8([...head.map(bold), remark]);
  if (diff.kind !== 'text') return utf8(head.map(bold));
  head.push(`--- ${change.kind === 'created' ? '/dev/null' : from}`, `+++ ${change.kind === 'deleted' ? '/dev/null' : to}`);
  const body = diff.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    utf8([cyan(`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`)]),
    ...lines.map((line) => {
      const raw = Buffer.from(`${line}\n`, 'latin1');
      if (!terminal) return raw;
      const shown = printableLines(raw.toString('utf8').slice(0, -1));
      return utf8([line.startsWith('+') ? green(shown) : line.startsWith('-') ? red(shown) : shown]);
    }),
  ]);
  return Buffer.concat([utf8(head.map(bold)), ...body]);
}

/** `path | 12 ++++---` for each, aligned. */
export function stat(entries: Array<{ change: Change; diff: FileDiff }>, { green, red }: Colors): string {
  const rows = entries.map(({ change, diff }) => ({ name: printable(change.path), diff, change }));
  const nameWidth = Math.max(0, ...rows.map(({ name }) => [...name].length));
  const most = Math.max(1, ...rows.map(({ diff }) => (diff.kind === 'text' ? diff.added + diff.removed : 0)));
  const scaled = (lines: number) => (lines === 0 ? 0 : Math.max(1, Math.round((lines * Math.min(most, BAR)) / most)));
  return rows.map(({ name, diff, change }) => {
    const padded = name + ' '.repeat(nameWidth - [...name].length);
    if (diff.kind !== 'text') return ` ${padded} | ${diff.kind === 'same' ? change.kind : diff.kind}\n`;
    const bar = green('+'.repeat(scaled(diff.added))) + red('-'.repeat(scaled(diff.removed)));
    return ` ${padded} | ${diff.added + diff.removed} ${bar}\n`;
  }).join('');
}

function remarkOn(change: Change, diff: FileDiff, name: string): string | undefined {
  if (diff.kind === 'binary') return `Binary files differ: ${name}`;
  if (diff.kind === 'large') return `Files differ, too large to compare line by line: ${name}`;
  if (diff.kind === 'unknown' && change.type === 'symlink') return `Symbolic link ${change.kind}: ${name}`;
  if (diff.kind === 'unknown') return `Files differ, one of them cannot be shown: ${name}`;
  // git's own modes know no more than whether a file may be executed.
  if (diff.kind === 'same' && change.kind === 'changed') return `Only the mode differs${modes(change)}: ${name}`;
  return undefined;
}

function modes({ old_mode: before, mode: after }: Change): string {
  return before === undefined || after === undefined ? '' : `, ${before.toString(8)} → ${after.toString(8)}`;
}

/** As git's index has it; an older runner does not tell the bits. */
function gitMode(change: Change, target: string | undefined, bits: number | undefined): string {
  if (target !== undefined || (change.type === 'symlink' && bits === undefined)) return '120000';
  return bits !== undefined && (bits & 0o100) !== 0 ? '100755' : '100644';
}

/** Lines `1` or `1,3`; an empty side starts at 0. */
function range(start: number, lines: number): string {
  return lines === 1 ? `${start}` : `${lines === 0 ? Math.max(0, start - 1) : start},${lines}`;
}

function utf8(lines: string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}
