import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Synced } from '../../../protocol/run';
import type { Cli } from '../cli';
import { bytes, count } from '../text/units';

export function addSync(program: Command, cli: Cli): void {
  program.command('sync').summary('send what changed in a folder, without running anything')
    .description('Brings the sandbox\'s workspace up to date with FOLDER; creates the sandbox when there is none.')
    .argument('[folder]', 'the folder to send', '.')
    .option('--json', 'print the outcome as JSON')
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const view = cli.view();
      const synced = await cli.withPetri(view, async (petri) => {
        const sandbox = await petri.create({ folder: resolve(folder) });
        return sandbox.sync({ onProgress: (progress) => view.show(progress), onNotice: (notice) => view.notice(notice) });
      });
      if (json) cli.terminal.json(synced);
      else void cli.terminal.out.write(`${sentence(synced)}\n`);
    });
}

function sentence({ sent_files, sent_bytes, deleted_files, total_files, receipt }: Synced): string {
  const sent = sent_files === 0 ? 'Nothing to send' : `Sent ${count(sent_files, 'file')} (${bytes(sent_bytes)})`;
  const deleted = deleted_files === 0 ? '' : `, deleted ${count(deleted_files, 'file')}`;
  return `${sent}${deleted}; the sandbox has ${count(total_files, 'file')}, receipt ${receipt}.`;
}
