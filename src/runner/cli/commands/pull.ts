import type { Command } from 'commander';
import type { Change, Pulled } from '../../../protocol/changes';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Cli } from '../cli';
import { isUnder, workspacePaths } from '../diff/paths';
import { findSandbox } from '../findSandbox';
import { printable } from '../text/printable';
import { count } from '../text/units';

interface Options { all?: boolean; dryRun?: boolean; json?: boolean }
const MARKS = { created: 'A', changed: 'M', deleted: 'D' };

export function addPull(program: Command, cli: Cli): void {
  program.command('pull').summary('bring changes that runs made to the folder')
    .description('Applies the sandbox\'s changes to FOLDER. A file of the folder that changed since the last sync is never overwritten:\n'
      + 'it is left alone and named, and the command ends with 1.')
    .argument('[folder]', 'the folder, or a sandbox\'s id', '.')
    .argument('[paths...]', 'only these, relative to the folder; a folder takes what is under it')
    .option('--all', 'everything, without being asked')
    .option('--dry-run', 'only list what would be applied')
    .option('--json', 'print the outcome as JSON')
    .action(async (reference: string, paths: string[], options: Options) => {
      await cli.withPetri(cli.view(), async (petri) => {
        const sandbox = await findSandbox(petri, reference);
        const roots = workspacePaths(sandbox.info.folder ?? '/', paths);
        const wanted = (await sandbox.changes()).changes.filter(({ path }) => isUnder(path, roots));
        if (options.dryRun || wanted.length === 0) return list(cli, wanted, options.json ?? false);
        if (paths.length === 0 && !options.all) {
          await list(cli, wanted, false);
          if (!await ask(cli, wanted.length)) return;
        }
        // What was shown is what is applied: a run may have changed more since.
        const pulled = await sandbox.pull(wanted.map(({ path }) => path));
        cli.exitCode = pulled.refused.length > 0 ? 1 : 0;
        report(cli, pulled, options.json ?? false);
      });
    });
}

async function ask(cli: Cli, changes: number): Promise<boolean> {
  const what = changes === 1 ? 'this change' : `these ${changes} changes`;
  if (process.stdin.isTTY) return cli.terminal.confirm(`Apply ${what} to the folder?`);
  throw new PetriClientError('bad-request', 'Nothing was named to pull.', { action: 'Name paths, or say --all.' });
}

async function list(cli: Cli, changes: Change[], json: boolean): Promise<void> {
  const { out } = cli.terminal;
  if (json) return cli.terminal.json({ changes });
  if (changes.length === 0) await out.write('Nothing to pull.\n');
  for (const { kind, path, pullable, why_not } of changes) {
    await out.write(`${MARKS[kind]} ${printable(path)}${pullable ? '' : `  (cannot be pulled: ${printable(why_not ?? 'unknown')})`}\n`);
  }
}

function report(cli: Cli, pulled: Pulled, json: boolean): void {
  const { out, err } = cli.terminal;
  if (json) return cli.terminal.json(pulled);
  for (const path of pulled.applied) void out.write(`${printable(path)}\n`);
  if (pulled.refused.length === 0) return;
  cli.terminal.say(`${count(pulled.refused.length, 'path')} left alone:`);
  for (const { path, reason } of pulled.refused) void err.write(`  ${printable(path)}: ${printable(reason)}\n`);
}
