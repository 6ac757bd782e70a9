#!/usr/bin/env node
import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { version } from '../../package.json';
import { runCli } from './cli/main';
import type { startPetri } from './startPetri';

// Half of a short command's time is the compiling of this very program. Older Nodes have no cache and lose only time.
enableCompileCache?.();

/** One program, two faces: with the word `runner` it is the user's runner, else the command line that talks to one. */
async function main(argv: string[]): Promise<number> {
  if (argv[0] !== 'runner') return runCli(argv, { version, entry: __filename });
  // A bundle of its own: a command line has no need of the engine's and the database's libraries.
  const runner = createRequire(__filename)(join(__dirname, 'runner.cjs')) as { startPetri: typeof startPetri };
  return runner.startPetri(version, __dirname);
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
