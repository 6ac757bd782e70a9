import type { Command } from 'commander';
import type { Sandbox } from '../../../sdk/typescript/sandbox';
import type { Cli } from '../cli';
import { findSandbox } from '../findSandbox';
import { count } from '../text/units';

export function addRm(program: Command, cli: Cli): void {
  program.command('rm').summary('delete a sandbox, its files and its logs')
    .description('The folder on this machine is not touched. Runs are cancelled.')
    .argument('<sandbox>', 'its id, or its folder')
    .option('-y, --yes', 'do not ask')
    .action(async (reference: string, { yes }: { yes?: boolean }) => {
      await cli.withPetri(cli.view(), async (petri) => {
        const sandbox = await findSandbox(petri, reference);
        const question = `Delete the sandbox of ${sandbox.info.folder ?? sandbox.id}?`;
        if (!yes && !await cli.terminal.confirm(question + await losses(sandbox))) return;
        await sandbox.delete();
        void cli.terminal.out.write('Deleted.\n');
      });
    });
}

/** What nobody has brought to the folder yet, as the end of a question. */
export async function losses(sandbox: Sandbox): Promise<string> {
  // A sandbox that cannot be looked into can be deleted all the same.
  const changes = await sandbox.changes().then(({ changes }) => changes.length, () => 0);
  return changes === 0 ? '' : ` ${count(changes, 'change')} of its runs that the folder does not have will be lost.`;
}
