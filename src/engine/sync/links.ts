/**
 * True when a link at `path` with this target points out of the folder, by its text alone: absolute, a drive, or too many
 * steps up. `path` and target are '/'-separated.
 */
export function linkLeaves(path: string, target: string): boolean {
  if (/^([/\\]|[a-z]:)/i.test(target)) return true;
  let depth = path.split('/').length - 1;
  for (const part of target.split(/[/\\]/)) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}
