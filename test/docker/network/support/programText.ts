/** A function's own source, called, in base64: how a program of a test travels into a container's command. */
export function programText(program: (...words: never[]) => void, ...words: unknown[]): string {
  return Buffer.from(`(${program.toString()})(${words.map((word) => JSON.stringify(word)).join(', ')})`).toString('base64');
}
