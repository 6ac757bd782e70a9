import { structuredPatch, type StructuredPatchHunk } from 'diff';

/** How two versions of a file differ. `lines` hold one byte a character (latin1), so that any bytes come out as they went in. */
export type FileDiff =
  | { kind: 'same' }
  | { kind: 'binary' }
  /** Too much to compare line by line. */
  | { kind: 'large' }
  /** One version cannot be had: a link of the sandbox, a file past what is sent at once, something else in its place on the host. */
  | { kind: 'unknown' }
  | { kind: 'text'; hunks: StructuredPatchHunk[]; added: number; removed: number };

const LARGEST_BYTES = 4 * 1024 * 1024;
const LONGEST_MS = 1_000;
/** git looks as far for a NUL. */
const BINARY_WINDOW = 8_000;

/** Compares two versions. Both bounded in size and in time: a sandbox chooses what is compared. */
export function diffFiles(before: Buffer, after: Buffer): FileDiff {
  if (before.equals(after)) return { kind: 'same' };
  if (isBinary(before) || isBinary(after)) return { kind: 'binary' };
  if (before.length + after.length > LARGEST_BYTES) return { kind: 'large' };
  const patch = structuredPatch('', '', before.toString('latin1'), after.toString('latin1'), '', '', { context: 3, timeout: LONGEST_MS });
  if (!patch) return { kind: 'large' };
  const starting = (mark: string) => patch.hunks.reduce((sum, { lines }) => sum + lines.filter((line) => line.startsWith(mark)).length, 0);
  return { kind: 'text', hunks: patch.hunks, added: starting('+'), removed: starting('-') };
}

function isBinary(content: Buffer): boolean {
  return content.subarray(0, BINARY_WINDOW).includes(0);
}
