import type { Command } from 'commander';
import type { Cli } from '../cli';
import { findSandbox } from '../findSandbox';
import { printable } from '../text/printable';
import { bytes, count } from '../text/units';

export function addVerify(program: Command, cli: Cli): void {
  program.command('verify').summary('compare folder and sandbox byte for byte')
    .description('Syncs, then hashes the whole tree on both sides. Ends with 1 when they differ.')
    .argument('[folder]', 'the folder, or a sandbox\'s id', '.')
    .option('--json', 'print the outcome as JSON')
    .action(async (reference: string, { json }: { json?: boolean }) => {
      const view = cli.view();
      const verified = await cli.withPetri(view, async (petri) => {
        const sandbox = await findSandbox(petri, reference);
        return sandbox.verify({ onProgress: (progress) => view.show(progress), onNotice: (notice) => view.notice(notice) });
      });
      cli.exitCode = verified.same ? 0 : 1;
      if (json) return cli.terminal.json(verified);
      const { out } = cli.terminal;
      if (verified.same) {
        const { files, bytes: size, sandbox_root: root } = verified;
        void out.write(`The same on both sides: ${count(files, 'file')}, ${bytes(size)}, root ${root}.\n`);
        return;
      }
      void out.write(`Different: the folder's root is ${verified.host_root}, the sandbox's ${verified.sandbox_root}.\n`);
      for (const { path, what } of verified.differences) void out.write(`  ${printable(path)}: ${printable(what)}\n`);
    });
}
