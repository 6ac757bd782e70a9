import type { Command } from 'commander';
import type { Sandbox } from '../../../protocol/sandbox';
import type { Cli } from '../cli';
import { allSandboxes } from '../findSandbox';
import { table } from '../text/table';
import { ago, duration } from '../text/units';

export function addList(program: Command, cli: Cli): void {
  program.command('list').alias('ls').summary('list the sandboxes')
    .option('--active', 'only those that are not stopped')
    .option('--json', 'print them as JSON')
    .action(async ({ active = false, json }: { active?: boolean; json?: boolean }) => {
      const infos = (await cli.withPetri(cli.view(), (petri) => allSandboxes(petri, active))).map(({ info }) => info);
      if (json) return cli.terminal.json(infos);
      void cli.terminal.out.write(infos.length === 0 ? 'There are no sandboxes. petri run FOLDER -- COMMAND creates one.\n' : rows(infos));
    });
}

function rows(infos: Sandbox[]): string {
  return table(
    ['ID', 'STATUS', 'LANGUAGE', { right: 'RUNS' }, 'LAST USED', 'ENDS', 'FOLDER'],
    infos.map((info) => [
      info.id.slice(0, 15), info.status, info.language, `${info.active_runs}`, ago(info.last_activity_at), ends(info),
      info.folder ?? `(${info.agent ?? info.created_by})`,
    ]),
  );
}

function ends({ expires_at, deletes_at }: Sandbox): string {
  if (deletes_at !== null) return `deleted in ${until(deletes_at)}`;
  return expires_at === null ? '-' : `stops in ${until(expires_at)}`;
}

function until(moment: string): string {
  return duration(Math.max(0, Date.parse(moment) - Date.now()));
}
