import type { Command } from 'commander';
import type { Language } from '../../../protocol/sandbox';
import type { Cli } from '../cli';
import { ShellCommand } from '../run/shellCommand';
import { CWD, ENV, IMAGE, languageOption, variable } from './arguments';

interface Options { language?: Language; image?: string; cwd: string; env: Record<string, string> }

/** @param command what stood after `--`; undefined for the shell of the image. */
export function addShell(program: Command, cli: Cli, command: string[] | undefined): void {
  program.command('shell').usage('[FOLDER] [options] [-- COMMAND [ARG…]]')
    .summary('open a terminal in a folder\'s sandbox')
    .description('Sends what changed in FOLDER to its sandbox and opens a shell there, or COMMAND, at a terminal of its own: colours, sizes\n'
      + 'and keys as if it ran here, in a fresh container without a network. Closing the terminal ends everything in it.')
    .argument('[folder]', 'the folder to work on', '.')
    .addOption(languageOption())
    .option(...IMAGE)
    .option(...CWD, '')
    .option(...ENV, variable(cli.env), {})
    .addHelpText('after', '\nExit status: the shell\'s own; 125 when Petri failed; 128 + signal when it was ended.')
    .action(async (folder: string, options: Options) => {
      cli.exitCode = await new ShellCommand(cli, { ...options, folder, command, allow: [] }).run();
    });
}
