import { parseArgs } from 'node:util';

/** What the person who runs the bench asked for. */
export interface BenchOptions {
  /** Only rows whose id or title matches. */
  only: RegExp | undefined;
  /** The rows with 100,000 files too: minutes, and gigabytes of disk. */
  large: boolean;
  /** The rows that download from package registries too. */
  registries: boolean;
  /** Rounds that count, instead of each row's own number. */
  rounds: number | undefined;
}

export const USAGE = `npm run bench -- [--only PATTERN] [--large] [--registries] [--rounds N]
  --only PATTERN  only rows whose id or title matches this regular expression
  --large         the rows with 100,000 files too
  --registries    the rows that download from package registries too
  --rounds N      N rounds that count for every row, instead of its own number`;

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {}

/** Throws UsageError. */
export function readOptions(argv: string[]): BenchOptions {
  try {
    const { values } = parseArgs({ args: argv, options: { only: { type: 'string' }, large: { type: 'boolean' }, registries: { type: 'boolean' }, rounds: { type: 'string' } } });
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) throw new UsageError(`--rounds ${values.rounds}: not a whole number above 0.`);
    return { only: values.only === undefined ? undefined : new RegExp(values.only, 'i'), large: values.large ?? false, registries: values.registries ?? false, rounds };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
