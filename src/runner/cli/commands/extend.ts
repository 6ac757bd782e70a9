import type { Command } from 'commander';
import type { Cli } from '../cli';
import { findSandbox } from '../findSandbox';
import { time } from './arguments';

export function addExtend(program: Command, cli: Cli): void {
  program.command('extend').summary('keep a sandbox from being stopped or deleted')
    .description('Counts as activity now; with --for, idleness counts from that much later.')
    .argument('[sandbox]', 'its id, or its folder', '.')
    .option('--for <duration>', 'how much longer: 30m, 2h, 7d', time)
    .option('--json', 'print the sandbox as JSON')
    .action(async (reference: string, { for: seconds, json }: { for?: number; json?: boolean }) => {
      const info = await cli.withPetri(cli.view(), async (petri) => (await findSandbox(petri, reference)).extend(seconds));
      if (json) cli.terminal.json(info);
      else void cli.terminal.out.write(info.expires_at === null ? 'Kept.\n' : `Kept; stops at ${info.expires_at} when it is not used.\n`);
    });
}
