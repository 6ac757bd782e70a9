import { Command } from 'commander';
import type { Cli } from './cli';
import { addAdd } from './commands/add';
import { addCleanup } from './commands/cleanup';
import { addDeps } from './commands/deps';
import { addDiff } from './commands/diff';
import { addExtend } from './commands/extend';
import { addInspect } from './commands/inspect';
import { addList } from './commands/list';
import { addLogs } from './commands/logs';
import { addPull } from './commands/pull';
import { addReset } from './commands/reset';
import { addRm } from './commands/rm';
import { addRun } from './commands/run';
import { addRuns } from './commands/runs';
import { addSbom } from './commands/sbom';
import { addShell } from './commands/shell';
import { addStatus } from './commands/status';
import { addStop } from './commands/stop';
import { addSync } from './commands/sync';
import { addVerify } from './commands/verify';

const COMPANIONS = [
  addAdd, addDeps, addSync, addDiff, addPull, addVerify, addList, addInspect, addRuns, addLogs, addSbom, addExtend, addReset, addRm, addCleanup, addStatus, addStop,
];

/** The whole command line; its help is in this order. @param command what stood after `--` of `petri run` and `petri shell`. */
export function buildProgram(cli: Cli, command: string[] | undefined): Command {
  const program = new Command('petri')
    .description('Runs a folder\'s code in its own persistent, isolated sandbox.')
    .version(cli.self.version)
    .showHelpAfterError('(petri help COMMAND tells more)')
    .exitOverride();
  addRun(program, cli, command);
  addShell(program, cli, command);
  for (const add of COMPANIONS) add(program, cli);
  return program;
}
