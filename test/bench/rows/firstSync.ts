import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { succeeded, type Outcome } from '../outcome';
import type { OurSandbox } from '../ours';
import { apiExec } from '../rivals/api';
import { dockerCp, rsync, tarIntoRun, tarPipe, type Copy } from '../rivals/sync';
import type { Contender, Row, Sample } from '../row';
import type { Stage } from '../stage';
import { readerScript, Tree } from '../tree';

/**
 * What the round before wrote is on the disk before the next begins. Nothing is deleted before the bench's end: ext4 does not
 * use an inode again for minutes and searches past it for every new file, so that whoever comes after a big deletion
 * takes twenty times as long (measured).
 */
const settleDisk = (stage: Stage) => stage.run(['sync']);

/**
 * The clock stops at the first byte of a reader in the container; the same reader then prints the digest of all it finds, so
 * that whoever comes early with half of the files is found out.
 */
async function readAfter(tree: Tree, copy: () => Promise<unknown>, read: (argv: string[]) => Promise<Outcome>): Promise<Sample[]> {
  const start = performance.now();
  await copy();
  const copiedMs = performance.now() - start;
  const outcome = succeeded(await read(['sh', '-c', readerScript(tree.paths.at(-1)!)]));
  const digest = outcome.stdout.toString('latin1').trimEnd().split('\n').at(-1)!.slice(0, 64);
  return [{ values: { seen: copiedMs + outcome.firstByteMs }, saw: digest, expected: tree.digest }];
}

/** A sandbox whose folder gets its files, by a rename, when its container already waits; or one made when the clock runs. */
function petri(stage: Stage, tree: Tree, name: string, atHand: boolean): Contender {
  let ours: OurSandbox | undefined;
  let folder = '';
  return {
    name, ours: true,
    async ready() {
      folder = stage.path('target');
      mkdirSync(folder);
      if (atHand) {
        ours = await stage.sandbox(folder);
        await ours.exec('true');
        await ours.idle();
      }
      renameSync(tree.path, join(folder, 'tree'));
      await settleDisk(stage);
    },
    async once() {
      try {
        return await readAfter(tree, async () => { ours ??= await stage.sandbox(folder); }, (argv) => ours!.exec(argv, { cwd: 'tree' }));
      } finally {
        renameSync(join(folder, 'tree'), tree.path);
        await ours?.idle();
        ours = undefined;
      }
    },
  };
}

/** A container that is there, and an empty folder on its volume each round. */
function copied(stage: Stage, tree: Tree, name: string, copy: Copy, needs: { rsync?: boolean } = {}): Contender {
  let box: string;
  return {
    name, ours: false,
    async ready() {
      box = await stage.rivalContainer(needs);
      await apiExec(stage.api, box, ['mkdir', '/work/tree']);
      await settleDisk(stage);
    },
    async once() {
      try {
        return await readAfter(tree, () => copy(stage, tree.path, box, '/work/tree'), (argv) => apiExec(stage.api, box, argv, '/work/tree'));
      } finally {
        await stage.removeContainer(box);
      }
    },
  };
}

/** Nothing is there: no volume, no container to copy with, none to read with. */
function fromNothing(stage: Stage, tree: Tree): Contender {
  return {
    name: 'tar | docker run, docker run', ours: false, ready: async () => void await settleDisk(stage),
    async once() {
      const volume = stage.name('volume');
      return readAfter(tree, () => tarIntoRun(stage, tree.path, stage.image, volume), (argv) => (
        stage.docker('run', '--rm', '--network', 'none', '-v', `${volume}:/work`, '-w', '/work', stage.image, ...argv)
      ));
    },
  };
}

interface Size { id: string; files: number; fileBytes: number; rounds: number; large: boolean }

const SIZES: Size[] = [
  { id: 'first-sync-10k', files: 10_000, fileBytes: 4096, rounds: 4, large: false },
  { id: 'first-sync-1gb', files: 100_000, fileBytes: 10_486, rounds: 2, large: true },
];

const say = ({ files, fileBytes }: Size) => `${files.toLocaleString('en')} files, ${Math.round(files * fileBytes / 1e6)} MB`;

function atHandRow(size: Size): Row {
  return {
    ...size, title: `First sync of ${say(size)}`, warmUps: size.large ? 0 : 1,
    what: 'Until a command in the container reads the last file. Volume and container are there and empty; its reader checks every byte afterwards.',
    metrics: [{ key: 'seen', label: 'first sync → seen', unit: 'ms', target: { atMost: 1, against: 'best' } }],
    open: async (stage) => {
      const tree = await makeTree(stage, size);
      return [
        petri(stage, tree, 'Petri', true),
        copied(stage, tree, 'tar | docker exec tar', tarPipe),
        copied(stage, tree, 'rsync', rsync(), { rsync: true }),
        copied(stage, tree, 'rsync --whole-file', rsync('--whole-file'), { rsync: true }),
        copied(stage, tree, 'docker cp', dockerCp),
      ];
    },
  };
}

function fromNothingRow(size: Size): Row {
  return {
    ...size, id: `${size.id}-from-nothing`, title: `The same from nothing: ${say(size)}`, warmUps: size.large ? 0 : 1,
    what: 'Sandbox, volume and container are made while the clock runs, until a command in the container reads the last file.',
    metrics: [{ key: 'seen', label: 'nothing → seen', unit: 'ms', target: { atMost: 1, against: 'best' } }],
    open: async (stage) => {
      const tree = await makeTree(stage, size);
      return [petri(stage, tree, 'Petri', false), fromNothing(stage, tree)];
    },
  };
}

async function makeTree(stage: Stage, { files, fileBytes }: Size): Promise<Tree> {
  stage.progress(`Making ${files} files`);
  return new Tree(stage.path('tree'), files, fileBytes);
}

export const FIRST_SYNC_ROWS = SIZES.flatMap((size) => [atHandRow(size), fromNothingRow(size)]);
