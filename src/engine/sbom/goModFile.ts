import { compare, valid } from 'semver';

export interface GoModule { path: string; version: string }
export interface GoModFile {
  module: string;
  /** The version in the `go` line; [1, 16] without one, as Go itself takes it. */
  go: [number, number];
  require: GoModule[];
  replace: Array<{ from: string; version: string | undefined; to: GoModule }>;
  exclude: GoModule[];
}

/** go.mod, as far as the module graph needs it. Lines that are none of its are passed over. */
export function parseGoMod(text: string): GoModFile {
  const file: GoModFile = { module: '', go: [1, 16], require: [], replace: [], exclude: [] };
  let block = '';
  for (const raw of text.split(/\r?\n/).slice(0, 100_000)) {
    const words = raw.replace(/\/\/.*$/, '').trim().split(/\s+/).filter(Boolean).map(unquoted);
    if (words.length === 0) continue;
    if (block !== '' && words[0] === ')') block = '';
    else if (words.length === 2 && words[1] === '(') block = words[0]!;
    else directive(file, block === '' ? words : [block, ...words]);
  }
  return file;
}

function directive(file: GoModFile, [kind, ...words]: string[]): void {
  const [first = '', second = ''] = words;
  if (kind === 'module') file.module = first;
  else if (kind === 'go') {
    const match = /^(\d+)\.(\d+)/.exec(first);
    if (match) file.go = [Number(match[1]), Number(match[2])];
  } else if (kind === 'require' && second !== '') file.require.push({ path: first, version: second });
  else if (kind === 'exclude' && second !== '') file.exclude.push({ path: first, version: second });
  else if (kind === 'replace') {
    const arrow = words.indexOf('=>');
    const to = words.slice(arrow + 1);
    if (arrow > 0 && to[0]) file.replace.push({ from: first, version: arrow > 1 ? second : undefined, to: { path: to[0], version: to[1] ?? '' } });
  }
}

/** From Go 1.17 on a go.mod lists all that its packages need, so that the graph below it is pruned. */
export function isPruned({ go: [major, minor] }: GoModFile): boolean {
  return major > 1 || minor >= 17;
}

/** Module versions are semantic ones with a `v`; whatever is none comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [valid(a), valid(b)];
  return left && right ? compare(left, right) : (left ? 1 : 0) - (right ? 1 : 0);
}

/** In the module cache upper-case letters are written `!a`: not every file system tells the two apart. */
export function unescaped(path: string): string {
  return path.replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function unquoted(word: string): string {
  return /^(".*"|`.*`)$/.test(word) ? word.slice(1, -1) : word;
}
