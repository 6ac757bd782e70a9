import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Dependencies, DependencySet } from '../../../protocol/dependencies';
import type { DependencySettings } from '../../../protocol/sandbox';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Petri } from '../../../sdk/typescript/petri';
import type { Sandbox } from '../../../sdk/typescript/sandbox';
import type { Cli } from '../cli';
import { Interrupts } from '../terminal/interrupts';
import { facts } from '../text/table';
import { ago, count } from '../text/units';
import { several, time } from './arguments';

interface Options { install?: boolean; log?: boolean; project?: string; auto?: 'on' | 'off' | 'default'; group?: string[]; time?: number; json?: boolean }

export function addDeps(program: Command, cli: Cli): void {
  program.command('deps').summary('show what is installed for a folder, or install it again')
    .description('A run installs by itself what its folder\'s manifest asks for, from package registries alone. This shows what there is,\n'
      + 'settles how it is done for the folder, and installs without running anything.')
    .argument('[folder]', 'the folder', '.')
    .option('-i, --install', 'install again, even what is there already')
    .option('--log', 'print what the latest install said')
    .option('--project <manifest>', 'which manifest to install from where there are several; auto for the first')
    .option('--group <name>', 'a group or extra to install besides; may be repeated; none for none', several)
    .option('--auto <when>', 'on: before every run; off: never by itself; default: on, unless the image is one of yours')
    .option('--time <duration>', 'the longest an install may take: 90s, 30m; 0 for no limit', time)
    .option('--json', 'print it as JSON')
    .action(async (folder: string, options: Options) => {
      const interrupts = new Interrupts();
      const view = cli.view();
      try {
        await cli.withPetri(view, async (petri) => {
          const sandbox = await petri.create({ folder: resolve(folder) });
          const change = settingsOf(options);
          if (Object.keys(change).length > 0) await sandbox.update({ dependencies: change });
          if (options.log) return await printLog(cli, petri, sandbox);
          if (options.install) {
            await sandbox.installDependencies({ signal: interrupts.wanted, onProgress: (progress) => view.show(progress), onNotice: (notice) => view.notice(notice) });
          }
          view.clear();
          const state = await sandbox.dependencies();
          if (options.json) cli.terminal.json({ ...state, settings: sandbox.info.dependencies });
          else void cli.terminal.out.write(facts(lines(state, sandbox.info.dependencies)));
        });
      } finally {
        interrupts.dispose();
      }
    });
}

function settingsOf({ project, auto, group, time: seconds }: Options): DependencySettings {
  if (auto !== undefined && !['on', 'off', 'default'].includes(auto)) throw new PetriClientError('bad-request', `--auto is ${auto}.`, { action: 'Say on, off or default.' });
  return {
    ...(project !== undefined && { project: project === 'auto' ? null : project }),
    ...(auto !== undefined && { auto: auto === 'default' ? null : auto === 'on' }),
    ...(group !== undefined && { groups: group.includes('none') ? null : group }),
    ...(seconds !== undefined && { seconds }),
  };
}

async function printLog(cli: Cli, petri: Petri, sandbox: Sandbox): Promise<void> {
  const { latest } = await sandbox.dependencies();
  if (!latest) throw new PetriClientError('not-found', 'Nothing was ever installed for this folder.', { action: 'petri deps --install does it.' });
  for await (const { chunk } of petri.installLog(latest.id)) await cli.terminal.out.write(chunk);
}

function lines({ projects, current, latest }: Dependencies, settings: DependencySettings): Array<[string, string]> {
  const entries: Array<[string, string]> = [['Installed', current ? described(current) : '(nothing)']];
  if (latest && latest.id !== current?.id) {
    entries.push(['Latest', described(latest)]);
    if (latest.error) entries.push(['', latest.error.message]);
    if (latest.error?.action !== undefined) entries.push(['', latest.error.action]);
  }
  for (const [at, { manifest, chosen }] of projects.entries()) entries.push([at === 0 ? 'Manifests' : '', `${manifest}${chosen ? ' (in use)' : ''}`]);
  if (settings.groups && settings.groups.length > 0) entries.push(['Groups', settings.groups.join(', ')]);
  if (settings.auto !== undefined && settings.auto !== null) entries.push(['By itself', settings.auto ? 'before every run' : 'never']);
  return entries;
}

function described({ project, packages, status, created_at: created }: DependencySet): string {
  const what = project === '' ? 'what programs import' : project;
  const how = status === 'ready' ? '' : `, ${status}`;
  return `${what}${packages === null ? '' : `, ${count(packages, 'package')}`}${how}, ${ago(created)}`;
}
