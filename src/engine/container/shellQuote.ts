/**
 * One word for a POSIX shell, on one line: the launcher reads calls line by line, so a newline travels as `"$NL"`.
 * Throws on NUL, which no argument can carry.
 */
export function shellQuote(word: string): string {
  if (word.includes('\0')) throw new RangeError('an argument cannot hold a NUL byte');
  return `'${word.replaceAll("'", `'\\''`).replaceAll('\n', `'"$NL"'`)}'`;
}

export function shellWords(words: readonly string[]): string {
  return words.map(shellQuote).join(' ');
}

/** Sets variables, in front of a call on the same line. `path`: folders in front of the PATH there is, unless `env` has its own. */
export function exportLine(env: Readonly<Record<string, string>>, path?: string): string {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${shellQuote(value)}; `);
  if (path && env.PATH === undefined) lines.push(`export PATH=${shellQuote(path)}"${'${PATH:+:$PATH}'}"; `);
  return lines.join('');
}
