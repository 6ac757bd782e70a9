import { randomBytes, createHash } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ManifestEdit } from '../../../protocol/missing';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Cli } from '../cli';
import { hostContent } from '../diff/hostFile';
import { printable } from '../text/printable';

interface Options { manifest?: string; install: boolean; json?: boolean }

export function addAdd(program: Command, cli: Cli): void {
  program.command('add').summary('add a package to a folder\'s manifest and install it')
    .description('Writes PACKAGE into the folder\'s requirements.txt, pyproject.toml, package.json, go.mod, pom.xml or build.gradle, keeping its layout; makes one where there is none.')
    .argument('<folder>', 'the folder')
    .argument('<package>', 'as its language names it, with or without a version: requests, express@^4, com.google.guava:guava')
    .option('--manifest <path>', 'which manifest, relative to the folder; the one that is installed from, otherwise')
    .option('--no-install', 'only write the manifest')
    .option('--json', 'print the edit as JSON')
    .action(async (folder: string, wanted: string, { manifest, install, json }: Options) => {
      const view = cli.view();
      await cli.withPetri(view, async (petri) => {
        const sandbox = await petri.create({ folder: resolve(folder) });
        const edit = await sandbox.addDependency({ package: wanted, ...(manifest !== undefined && { manifest }) });
        await write(resolve(folder), edit);
        if (json) cli.terminal.json(edit);
        else void cli.terminal.out.write(`${edit.before === null ? 'Made' : 'Changed'} ${printable(edit.path)}: added ${printable(edit.package)}.\n`);
        if (install) await sandbox.installDependencies({ onProgress: (progress) => view.show(progress), onNotice: (notice) => view.notice(notice) });
      });
    });
}

/** Only over what the edit was made for; through a name of its own, so that a crash leaves the old file or the new one. */
async function write(folder: string, { path, before, after }: ManifestEdit): Promise<void> {
  const target = join(folder, path);
  const found = await hostContent(folder, path);
  const there = await stat(target).catch(() => undefined);
  const now = there ? found && createHash('sha256').update(found).digest('hex') : null;
  if (now !== before) throw new PetriClientError('conflict', `${path} changed meanwhile; nothing was written.`, { action: 'Try again.' });
  const temporary = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(temporary, after, { flag: 'wx', ...(there && { mode: there.mode & 0o777 }) });
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new PetriClientError('internal', `${path} cannot be written: ${(cause as Error).message}.`);
  }
}
