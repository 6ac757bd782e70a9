import { version } from '../../package.json';
import { runCli } from './cli/main';

/** One program, two faces: with the word `runner` it is the user's runner, else the command line that talks to one. */
async function main(argv: string[]): Promise<number> {
  if (argv[0] !== 'runner') return runCli(argv, { version, entry: __filename });
  // Only now: a command line has no need of the engine's and the database's libraries.
  const { startPetri } = await import('./startPetri');
  return startPetri(version, __dirname);
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
