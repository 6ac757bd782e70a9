import type { Command } from 'commander';
import type { Cli } from '../cli';
import { findSandbox } from '../findSandbox';
import { losses } from './rm';

export function addReset(program: Command, cli: Cli): void {
  program.command('reset').summary('start a sandbox again from the folder\'s files')
    .description('Its workspace, home and caches go; settings and the record of its runs stay. The folder on this machine is not touched. Runs are cancelled.')
    .argument('<sandbox>', 'its folder, or its id')
    .option('-y, --yes', 'do not ask')
    .action(async (reference: string, { yes }: { yes?: boolean }) => {
      await cli.withPetri(cli.view(), async (petri) => {
        const sandbox = await findSandbox(petri, reference);
        const question = `Start the sandbox of ${sandbox.info.folder ?? sandbox.id} again from nothing?`;
        if (!yes && !await cli.terminal.confirm(question + await losses(sandbox))) return;
        await sandbox.reset();
        void cli.terminal.out.write('Reset. The next run sends the folder again.\n');
      });
    });
}
