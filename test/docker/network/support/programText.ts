/** A function's own source, called, in base64: how a program of a test travels into a container. What it answers is printed as JSON. */
export function programText(program: (...words: never[]) => unknown, ...words: unknown[]): string {
  const call = `(${program.toString()})(${words.map((word) => JSON.stringify(word)).join(', ')})`;
  return Buffer.from(`void (async () => { const answer = await ${call}; if (answer !== undefined) process.stdout.write(JSON.stringify(answer)); })()`).toString('base64');
}
