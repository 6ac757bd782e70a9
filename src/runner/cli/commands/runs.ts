import type { Command } from 'commander';
import type { Run } from '../../../protocol/run';
import type { Cli } from '../cli';
import { findSandbox } from '../findSandbox';
import { table } from '../text/table';
import { duration } from '../text/units';
import { positiveInteger } from './arguments';

const LONGEST_COMMAND = 60;

export function addRuns(program: Command, cli: Cli): void {
  program.command('runs').summary('list a sandbox\'s runs, newest first')
    .argument('[sandbox]', 'its id, or its folder', '.')
    .option('-n, --limit <number>', 'at most so many', positiveInteger, 20)
    .option('--json', 'print them as JSON, with receipt, limits and the files each changed')
    .action(async (reference: string, { limit, json }: { limit: number; json?: boolean }) => {
      const runs = await cli.withPetri(cli.view(), async (petri) => (await findSandbox(petri, reference)).runs({ limit }));
      if (json) return cli.terminal.json(runs);
      void cli.terminal.out.write(runs.length === 0 ? 'There were no runs yet.\n' : rows(runs));
    });
}

function rows(runs: Run[]): string {
  return table(
    ['RUN', 'STARTED', { right: 'TOOK' }, 'ENDED', 'FILES', 'COMMAND'],
    runs.map((run) => [run.id, started(run), took(run), ended(run), files(run), command(run)]),
  );
}

function started({ started_at }: Run): string {
  return started_at.replace('T', ' ').replace(/\..*|Z$/, '');
}

function took({ duration_ms }: Run): string {
  return duration_ms === null ? '-' : duration(duration_ms);
}

function ended({ status, reason, exit_code }: Run): string {
  if (status !== 'finished') return status;
  return reason === 'exited' ? `exit ${exit_code}` : reason ?? 'unknown';
}

function files({ files }: Run): string {
  return files === null ? '-' : `+${files.created.length} ~${files.changed.length} -${files.deleted.length}`;
}

function command({ command }: Run): string {
  const text = typeof command === 'string' ? command : command.join(' ');
  return text.length > LONGEST_COMMAND ? `${text.slice(0, LONGEST_COMMAND - 1)}…` : text;
}
