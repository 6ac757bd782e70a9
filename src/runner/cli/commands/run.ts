import type { Command } from 'commander';
import type { Language } from '../../../protocol/sandbox';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Cli } from '../cli';
import { OWN_FAILURE } from '../run/exitCode';
import { RunCommand } from '../run/runCommand';
import { CWD, ENV, IMAGE, languageOption, positiveNumber, several, size, time, variable } from './arguments';

interface Options {
  language?: Language; image?: string; cwd: string; env: Record<string, string>; memory?: number; cpus?: number; time?: number;
  allow: string[]; stdin: boolean; quiet?: boolean; verbose?: boolean; json?: boolean;
}

/** @param command what stood after `--`; undefined when there was no `--`. */
export function addRun(program: Command, cli: Cli, command: string[] | undefined): void {
  program.command('run').usage('[FOLDER] [options] -- COMMAND [ARG…]')
    .summary('run a command on a folder\'s files in its sandbox')
    .description('Sends what changed in FOLDER to its sandbox and runs COMMAND there, in a fresh container without a network.\n'
      + 'The first run creates the sandbox; it stays, with the files that runs leave in it.')
    .argument('[folder]', 'the folder to work on', '.')
    .addOption(languageOption())
    .option(...IMAGE)
    .option(...CWD, '')
    .option(...ENV, variable(cli.env), {})
    .option('--memory <size>', 'the most memory for this run: 512m, 2g', size)
    .option('--cpus <number>', 'the most processor cores for this run', positiveNumber)
    .option('--time <duration>', 'the longest this run may take: 90s, 5m, 1h; 0 for no limit', time)
    .option('--allow <pattern>', 'let in what is held back (.env, keys, ignored files), kept for the folder; may be repeated', several, [])
    .option('--no-stdin', 'give the command an empty stdin')
    .option('-q, --quiet', 'say nothing but errors')
    .option('-v, --verbose', 'say on stderr what is done, even when it is not a terminal')
    .option('--json', 'write events as JSON lines to stdout instead of the command\'s output')
    .addHelpText('after', `
Exit status: the command's own; 124 when its time was up; 125 when Petri failed; 126 when it cannot be executed; 127 when
it is not there; 128 + signal when it was killed. Ctrl-C ends the run inside the container; once more stops waiting.

  petri run -- python main.py
  petri run ~/project --time 5m -- npm test
  petri run . -- sh -c 'make && ./app < input.txt'`)
    .action(async (folder: string, options: Options) => {
      if (command === undefined || command.length === 0) {
        const action = `Say it after two dashes: petri run ${folder} -- COMMAND`;
        cli.terminal.complain(new PetriClientError('bad-request', 'There is no command to run.', { action }));
        cli.exitCode = OWN_FAILURE;
        return;
      }
      const { memory, cpus, time: seconds, quiet, verbose, json = false, ...rest } = options;
      // JSON leaves out what is undefined.
      const limits = { memory_bytes: memory, cpus, seconds };
      const loudness = quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
      cli.exitCode = await new RunCommand(cli, { ...rest, folder, command, limits, json, loudness }).run();
    });
}
