import { randomBytes } from 'node:crypto';
import { succeeded, type Outcome } from '../outcome';
import { wasWarm } from '../ours';
import { apiExec } from '../rivals/api';
import { rsync, type Copy } from '../rivals/sync';
import type { Contender, Row, Sample } from '../row';
import type { Stage } from '../stage';
import { Tree } from '../tree';

const FILE_BYTES = 4096;

/**
 * One file gets other content; then the clock runs until a command that prints that file has ended. Before each round the
 * contender brings in what the others edited, untimed.
 */
function editRow(id: string, files: number, atMost: number, rounds: number, large: boolean): Row {
  return {
    id, title: `Edit one of ${files.toLocaleString('en')} files → output`, rounds, warmUps: 1, large,
    what: 'From the edit to the end of a command that prints the edited file. Ours verifies by looking at every file, as rsync does; no watcher is trusted.',
    metrics: [{ key: 'exit', label: 'edit → output', unit: 'ms', target: { atMost, against: 'best' } }],
    async open(stage) {
      stage.progress(`Making ${files} files`);
      const tree = new Tree(stage.path('tree'), files, FILE_BYTES);
      const ours = await stage.sandbox(tree.path);
      await ours.exec('true');
      const petri: Contender = {
        name: 'Petri', ours: true,
        async ready() {
          await ours.exec('true');
          await ours.idle();
        },
        once: (round) => edited(tree, round, async (file) => wasWarm(await ours.exec(['cat', file]))),
      };
      return [
        petri,
        await viaRsync(stage, tree, 'rsync + docker exec', rsync()),
        await viaRsync(stage, tree, 'rsync --whole-file + docker exec', rsync('--whole-file')),
      ].map((contender) => ({ ...contender, ready: async (round) => {
        await ours.idle();
        await contender.ready?.(round);
      } }));
    },
  };
}

async function viaRsync(stage: Stage, tree: Tree, name: string, copy: Copy): Promise<Contender> {
  const box = await stage.rivalContainer({ rsync: true });
  return {
    name, ours: false,
    ready: async () => void await copy(stage, tree.path, box, '/work'),
    once: (round) => edited(tree, round, async (file) => {
      const start = performance.now();
      await copy(stage, tree.path, box, '/work');
      const copiedMs = performance.now() - start;
      const outcome = await apiExec(stage.api, box, ['cat', file], '/work');
      return { ...outcome, exitMs: outcome.exitMs + copiedMs };
    }),
    done: () => stage.removeContainer(box),
  };
}

async function edited(tree: Tree, round: number, show: (file: string) => Promise<Outcome>): Promise<Sample[]> {
  const { file, content } = tree.edit(round * 7919, randomBytes(8).toString('hex'));
  const outcome = succeeded(await show(file));
  return [{ values: { exit: outcome.exitMs }, saw: outcome.stdout.toString('utf8'), expected: content }];
}

export const EDIT_ROWS = [editRow('edit-10k', 10_000, 0.35, 10, false), editRow('edit-100k', 100_000, 0.6, 5, true)];
