import type { Command } from 'commander';
import type { Change } from '../../../protocol/changes';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Sandbox } from '../../../sdk/typescript/sandbox';
import type { Cli } from '../cli';
import { diffFiles, type FileDiff } from '../diff/fileDiff';
import { hostContent } from '../diff/hostFile';
import { isUnder, workspacePaths } from '../diff/paths';
import { stat, unified } from '../diff/render';
import { findSandbox } from '../findSandbox';
import { printable } from '../text/printable';

interface Options { stat?: boolean; nameOnly?: boolean; json?: boolean }

export function addDiff(program: Command, cli: Cli): void {
  program.command('diff').summary('show what runs changed and the folder does not have')
    .description('Compares the sandbox\'s files with the folder\'s, as a unified diff from the folder\'s to the sandbox\'s version.')
    .argument('[folder]', 'the folder, or a sandbox\'s id', '.')
    .argument('[paths...]', 'only these, relative to the folder')
    .option('--stat', 'how much changed in each file')
    .option('--name-only', 'only the names')
    .option('--json', 'print the changes as JSON, without their content')
    .action(async (reference: string, paths: string[], options: Options) => {
      await cli.withPetri(cli.view(), async (petri) => {
        const sandbox = await findSandbox(petri, reference);
        const { receipt, changes } = await sandbox.changes();
        const roots = workspacePaths(sandbox.info.folder ?? '/', paths);
        const wanted = changes.filter(({ path }) => isUnder(path, roots));
        if (options.json) cli.terminal.json({ receipt, changes: wanted });
        else if (options.nameOnly) for (const { path } of wanted) await cli.terminal.out.write(`${printable(path)}\n`);
        else await show(cli, sandbox, wanted, options.stat ?? false);
      });
    });
}

async function show(cli: Cli, sandbox: Sandbox, changes: Change[], onlyStat: boolean): Promise<void> {
  const { out, outColors } = cli.terminal;
  const entries: Array<{ change: Change; diff: FileDiff }> = [];
  for (const change of changes) {
    const diff = await compare(sandbox, change);
    if (onlyStat) entries.push({ change, diff });
    else await out.write(unified(change, diff, out.isTty, outColors));
  }
  if (onlyStat) await out.write(stat(entries, outColors));
}

async function compare(sandbox: Sandbox, change: Change): Promise<FileDiff> {
  if (change.type === 'folder') return { kind: 'same' };
  const { folder } = sandbox.info;
  const before = folder === null || change.kind === 'created' ? Buffer.alloc(0) : await hostContent(folder, change.path);
  // git has a link's target for its content.
  const link = change.target === undefined ? undefined : Buffer.from(change.target);
  const after = change.kind === 'deleted' ? Buffer.alloc(0) : link ?? await sandboxContent(sandbox, change.path);
  return before && after ? diffFiles(before, after) : { kind: 'unknown' };
}

/** undefined when the sandbox's version cannot be had whole. */
async function sandboxContent(sandbox: Sandbox, path: string): Promise<Buffer | undefined> {
  try {
    return await sandbox.readFile(path);
  } catch (error) {
    if (error instanceof PetriClientError && ['bad-request', 'conflict', 'not-found'].includes(error.code)) return undefined;
    throw error;
  }
}
