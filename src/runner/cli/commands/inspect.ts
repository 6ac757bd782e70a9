import type { Command } from 'commander';
import type { Sandbox } from '../../../protocol/sandbox';
import type { Cli } from '../cli';
import { findSandbox } from '../findSandbox';
import { facts } from '../text/table';
import { bytes, duration } from '../text/units';

export function addInspect(program: Command, cli: Cli): void {
  program.command('inspect').summary('show everything about a sandbox')
    .argument('[sandbox]', 'its id, or its folder', '.')
    .option('--json', 'print it as JSON')
    .action(async (reference: string, { json }: { json?: boolean }) => {
      const { info } = await cli.withPetri(cli.view(), (petri) => findSandbox(petri, reference));
      if (json) cli.terminal.json(info);
      else void cli.terminal.out.write(facts(entries(info)));
    });
}

function entries(info: Sandbox): Array<[string, string]> {
  const { limits } = info;
  return [
    ['Id', info.id],
    ['Folder', info.folder ?? '(none)'],
    ['Status', info.error ? `${info.status}: ${info.error.message}` : info.status],
    ['Language', info.language],
    ['Image', info.image],
    ['Created', `${info.created_at} by ${info.created_by}${info.agent === null ? '' : ` (${info.agent})`}`],
    ['Last used', info.last_activity_at],
    ['Stops', info.expires_at ?? `after ${duration(info.ttl_seconds * 1000)} without use`],
    ['Deleted', info.deletes_at ?? `${duration(info.retention_seconds * 1000)} after it stopped`],
    ['Runs', `${info.active_runs} active`],
    ['Generation', `${info.generation}`],
    ['Receipt', info.receipt ?? '(not synced yet)'],
    ['Let in', info.allow.length === 0 ? '(nothing that is held back)' : info.allow.join(', ')],
    ['Limits', `${limits.cpus} cores, ${bytes(limits.memory_bytes)} memory, ${limits.pids} processes`],
    ['', `${bytes(limits.disk_bytes)} and ${limits.disk_files.toLocaleString('en-US')} files on disk`],
    ['', `${limits.seconds === 0 ? 'no time limit' : duration(limits.seconds * 1000)}, ${bytes(limits.output_bytes)} of output`],
  ];
}
