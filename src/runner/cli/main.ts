import { CommanderError } from 'commander';
import { Cli, type Self } from './cli';
import { buildProgram } from './program';
import { OWN_FAILURE } from './run/exitCode';
import { Terminal } from './terminal/terminal';

const FAILED = 1;
const ASKED_WRONGLY = 2;
/** Those that pass a command's exit code on, and whose own failures must not look like one. */
const WITH_COMMAND = ['run', 'shell'];

/**
 * The command line on this process's own streams. Answers the exit code, with everything written out: the caller may end the
 * process at once, and should, since a run that was not waited for may still hold its streams.
 * @param argv without Node and the script.
 */
export async function runCli(argv: string[], self: Self): Promise<number> {
  const terminal = new Terminal(process.env);
  const cli = new Cli(terminal, self, process.env);
  // What follows the two dashes is the command's own, options and further dashes included.
  const dashes = WITH_COMMAND.includes(argv[0] ?? '') ? argv.indexOf('--') : -1;
  const ours = dashes === -1 ? argv : argv.slice(0, dashes);
  try {
    await buildProgram(cli, dashes === -1 ? undefined : argv.slice(dashes + 1)).parseAsync(ours, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      terminal.complain(error);
      cli.exitCode = FAILED;
    } else if (error.exitCode !== 0) {
      cli.exitCode = WITH_COMMAND.includes(argv[0] ?? '') ? OWN_FAILURE : ASKED_WRONGLY;
    }
  }
  if (!cli.abandoned) await Promise.all([terminal.out.flush(), terminal.err.flush()]);
  return cli.exitCode;
}
