/** Paints text, or leaves it as it is. */
export type Paint = (text: string) => string;
export interface Colors { red: Paint; green: Paint; cyan: Paint; bold: Paint; dim: Paint }

/** Colours on a terminal only, and not where NO_COLOR (no-color.org) or TERM=dumb asks for none. */
export function colorsFor(isTty: boolean, env: NodeJS.ProcessEnv): Colors {
  const on = isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = (code: number, end: number): Paint => (on ? (text) => `\x1b[${code}m${text}\x1b[${end}m` : (text) => text);
  return { red: paint(31, 39), green: paint(32, 39), cyan: paint(36, 39), bold: paint(1, 22), dim: paint(2, 22) };
}
