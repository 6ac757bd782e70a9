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
