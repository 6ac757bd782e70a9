import type { Command } from 'commander';
import type { RunnerStatus } from '../../../protocol/runner';
import type { Cli } from '../cli';
import { facts } from '../text/table';
import { bytes, count, duration } from '../text/units';

/** As systemctl and the LSB have it. */
const NOT_RUNNING = 3;

export function addStatus(program: Command, cli: Cli): void {
  program.command('status').summary('say whether Petri runs, and on which engine')
    .description('Starts nothing. Ends with 3 when Petri is not running.')
    .option('--json', 'print it as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const petri = await cli.find();
      const status = await petri?.status();
      petri?.close();
      if (!status) cli.exitCode = NOT_RUNNING;
      if (json) cli.terminal.json(status ? { running: true, ...status } : { running: false });
      else void cli.terminal.out.write(status ? lines(status) : 'Petri is not running.\n');
    });
}

function lines(status: RunnerStatus): string {
  const { engine, engine_error: failure } = status;
  const entries: Array<[string, string]> = [
    ['Petri', `${status.version}${status.draining ? ', about to end' : ''}`],
    ['Process', `${status.pid}, for ${duration(Date.now() - Date.parse(status.started_at))}`],
    ['Sandboxes', `${status.sandboxes}`],
    ['Runs', `${status.active_runs} active`],
    ['Clients', `${status.leases} holding it`],
  ];
  if (engine) {
    const rootless = engine.rootless ? ', rootless' : '';
    entries.push(['Engine', `${engine.name} ${engine.version} (API ${engine.api_version}), ${engine.runtime}${rootless}`]);
    entries.push(['', `${engine.endpoint}, ${count(engine.cpus, 'core')}, ${bytes(engine.memory_bytes)}`]);
    for (const sentence of engine.weaker) entries.push(['Weaker', sentence]);
  }
  if (failure) entries.push(['Engine', failure.message]);
  if (failure?.action !== undefined) entries.push(['', failure.action]);
  return facts(entries);
}
