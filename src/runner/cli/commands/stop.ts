import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Petri } from '../../../sdk/typescript/petri';
import type { Cli } from '../cli';
import { count } from '../text/units';

const LOOK_EVERY_MS = 100;
const NOW_MEANS_MS = 60_000;

export function addStop(program: Command, cli: Cli): void {
  program.command('stop').summary('end Petri; sandboxes and their files stay')
    .description('Lets active runs end first, and waits for it. The next command that needs Petri starts it again.')
    .option('--now', 'cancel active runs')
    .action(async ({ now }: { now?: boolean }) => {
      const petri = await cli.find();
      if (!petri) return void cli.terminal.out.write('Petri is not running.\n');
      const status = await petri.status();
      await petri.stop(now ? 'now' : 'drain');
      const runs = count(status.active_runs, 'run');
      if (!now && status.active_runs > 0) cli.terminal.say(`waiting for ${runs} to end; petri stop --now cancels.`);
      await gone(cli, petri, status.pid, now ? NOW_MEANS_MS : Number.POSITIVE_INFINITY);
      petri.close();
      void cli.terminal.out.write('Petri has stopped.\n');
    });
}

/** A successor that another client started meanwhile is not the one that was asked to stop. */
async function gone(cli: Cli, petri: Petri, pid: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  petri.close();
  for (;;) {
    const there = await cli.find().catch(() => undefined);
    const status = await there?.status().catch(() => undefined);
    there?.close();
    if (status?.pid !== pid) return;
    if (performance.now() > deadline) {
      throw new PetriClientError('runner-unreachable', `Petri (process ${pid}) did not stop.`, {
        action: 'petri logs shows what it is doing.',
      });
    }
    await sleep(LOOK_EVERY_MS);
  }
}
