import type { Command } from 'commander';
import type { CleanupItem } from '../../../protocol/runner';
import type { Cli } from '../cli';
import { table } from '../text/table';
import { bytes, count } from '../text/units';

export function addCleanup(program: Command, cli: Cli): void {
  program.command('cleanup').summary('remove what is no longer needed, after showing it')
    .description('Shows what of Petri\'s own could go, with sizes, and asks. Sandboxes, with the files that runs left in them, go only\n'
      + 'with --sandboxes. Nothing of anyone else\'s is ever listed.')
    .option('--sandboxes', 'also the sandboxes that no run is active in')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'only print what could go, as JSON')
    .action(async ({ sandboxes = false, yes, json }: { sandboxes?: boolean; yes?: boolean; json?: boolean }) => {
      await cli.withPetri(cli.view(), async (petri) => {
        const { terminal } = cli;
        const offered = await petri.cleanupPreview();
        const items = offered.filter(({ kind }) => sandboxes || kind !== 'sandbox');
        if (json) return terminal.json(items);
        const kept = offered.length - items.length;
        const hint = kept === 0 ? '' : `${count(kept, 'sandbox', 'sandboxes')} could go too: petri cleanup --sandboxes shows them.\n`;
        if (items.length === 0) return void terminal.out.write(`There is nothing to remove.\n${hint}`);
        await terminal.out.write(rows(items) + hint);
        if (!yes && !await terminal.confirm(`Remove ${count(items.length, 'item')}?`)) return;
        const { removed, failed } = await petri.cleanup(items.map(({ id }) => id));
        await terminal.out.write(`Removed ${count(removed.length, 'item')}.\n`);
        for (const { id, reason } of failed) terminal.say(`${items.find((item) => item.id === id)?.name ?? id} stays: ${reason}`);
        cli.exitCode = failed.length > 0 ? 1 : 0;
      });
    });
}

function rows(items: CleanupItem[]): string {
  const total = items.reduce((sum, item) => sum + (item.bytes ?? 0), 0);
  return table(['KIND', { right: 'SIZE' }, 'NAME', 'WHY'], [
    ...items.map((item) => [item.kind, item.bytes === null ? '?' : bytes(item.bytes), item.name, item.why]),
    ['', bytes(total), '', 'in total'],
  ]);
}
