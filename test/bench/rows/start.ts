import { randomBytes } from 'node:crypto';
import { wasMiss, wasWarm, type OurSandbox } from '../ours';
import { succeeded, type Outcome } from '../outcome';
import { apiExec, apiRun } from '../rivals/api';
import type { Contender, Metric, Row, Sample } from '../row';
import type { Stage } from '../stage';
import { Tree } from '../tree';

const EXEC_TARGET = { atMost: 0.15, against: 'each' } as const;
const RUN_TARGET = { atMost: 0.6, against: 'each' } as const;
const FIRST_BYTE: Metric = { key: 'firstByte', label: 'command → first byte', unit: 'ms' };
const EXIT: Metric = { key: 'exit', label: 'command → exit code', unit: 'ms' };
/** Runs in a row, the first of which finds a warm container and does not count. */
const BURST = 5;

/** The command and what it must print: other bytes each time, so that nothing can have been remembered. */
function echo(): { argv: string[]; expected: string } {
  const token = randomBytes(8).toString('hex');
  return { argv: ['echo', token], expected: `${token}\n` };
}

async function timed(run: (argv: string[]) => Promise<Outcome>): Promise<Sample> {
  const { argv, expected } = echo();
  const outcome = succeeded(await run(argv));
  return { values: { firstByte: outcome.firstByteMs, exit: outcome.exitMs }, saw: outcome.stdout.toString('utf8'), expected };
}

/** A sandbox with a few files, like a small project's, warm. */
async function smallSandbox(stage: Stage): Promise<OurSandbox> {
  const { path } = new Tree(stage.path('small'), 20, 2048);
  const ours = await stage.sandbox(path);
  await ours.exec('true');
  return ours;
}

const dockerExec = (stage: Stage, box: string, ours: OurSandbox): Contender[] => [
  { name: 'docker exec (Engine API)', ours: false, ready: () => ours.idle(), once: async () => [await timed((argv) => apiExec(stage.api, box, argv))] },
  { name: 'docker exec (command line)', ours: false, ready: () => ours.idle(), once: async () => [await timed((argv) => stage.docker('exec', box, ...argv))] },
];

const dockerRun = (stage: Stage, ours: OurSandbox): Contender[] => [
  {
    name: 'create, start, wait (Engine API)', ours: false, ready: () => ours.idle(),
    once: async () => [await timed((command) => apiRun(stage.api, { name: stage.name('run'), image: stage.image, command }))],
  },
  {
    name: 'docker run --rm --network none', ours: false, ready: () => ours.idle(),
    once: async () => [await timed((argv) => stage.docker('run', '--rm', '--network', 'none', '--name', stage.name('run'), stage.image, ...argv))],
  },
];

const warm: Row = {
  id: 'warm', title: 'Command in a fresh container, warm', rounds: 30, warmUps: 3,
  what: 'echo, from the call to its first byte and to its exit code. Ours: a container that nobody used before; docker exec: a used one.',
  metrics: [{ ...FIRST_BYTE, target: EXEC_TARGET }, { ...EXIT, target: EXEC_TARGET }],
  async open(stage) {
    const ours = await smallSandbox(stage);
    const box = await stage.rivalContainer();
    return [
      {
        name: 'Petri', ours: true, ready: () => ours.idle(), once: async () => [await timed(async (argv) => wasWarm(await ours.exec(argv)))],
        done: () => stage.remove(ours),
      },
      ...dockerExec(stage, box, ours),
    ];
  },
};

const miss: Row = {
  id: 'miss', title: 'Command with no warm container at hand', rounds: 10, warmUps: 1,
  what: 'echo with other limits than the waiting container has, so that one is made for it. docker run: without a network, which it would have to wait for.',
  metrics: [FIRST_BYTE, { ...EXIT, target: RUN_TARGET }],
  async open(stage) {
    const ours = await smallSandbox(stage);
    return [
      {
        name: 'Petri', ours: true, ready: () => ours.idle(),
        once: async (round) => [await timed(async (argv) => wasMiss(await ours.exec(argv, { limits: { pids: 300 + round } })))],
        done: () => stage.remove(ours),
      },
      ...dockerRun(stage, ours),
      {
        name: 'docker run --rm', ours: false, ready: () => ours.idle(),
        once: async () => [await timed((argv) => stage.docker('run', '--rm', '--name', stage.name('run'), stage.image, ...argv))],
      },
    ];
  },
};

const backToBack: Row = {
  id: 'back-to-back', title: 'Runs without a pause between them', rounds: 5, warmUps: 1,
  what: `Each of ${BURST - 1} runs that follow a run at once: the successor of the last one's container is still being made.`,
  metrics: [FIRST_BYTE, EXIT],
  async open(stage) {
    const ours = await smallSandbox(stage);
    const box = await stage.rivalContainer();
    const contenders: Contender[] = [
      {
        name: 'Petri', ours: true, ready: () => ours.idle(), once: async () => [await timed((argv) => ours.exec(argv))],
        done: () => stage.remove(ours),
      },
      ...dockerRun(stage, ours), ...dockerExec(stage, box, ours),
    ];
    return contenders.map((contender) => ({ ...contender, once: async (round) => burst(() => contender.once(round)) }));
  },
};

async function burst(once: () => Promise<Sample[]>): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let run = 0; run < BURST; run += 1) samples.push(...await once());
  return samples.slice(1);
}

export const START_ROWS = [warm, miss, backToBack];
