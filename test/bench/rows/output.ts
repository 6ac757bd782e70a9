import { mkdirSync } from 'node:fs';
import { attach, createContainer, follow } from '../rivals/api';
import type { Contender, Row, Sample } from '../row';
import type { Stage } from '../stage';

const MIB = 1024 * 1024;

interface Kind { id: string; title: string; bytes: number; script: string; pattern: Buffer }

const LINE = 'A line of text as a program writes it: 0123456789, some words, "quotes" and a tab\t.\n';
const KINDS: Kind[] = [
  { id: 'output-zeros', title: '1 GiB of zeros', bytes: 1024 * MIB, script: `head -c ${1024 * MIB} /dev/zero`, pattern: Buffer.alloc(1) },
  {
    id: 'output-text', title: '256 MiB of text lines', bytes: 256 * MIB,
    script: `yes '${LINE.trimEnd()}' | head -c ${256 * MIB}`, pattern: Buffer.from(LINE),
  },
];

/** Compares what comes with a repeated pattern, at the speed of memory, and times it from the first byte to the last. */
class Flow {
  private readonly repeated: Buffer;
  private bytes = 0;
  private wrongAt = -1;
  private firstMs = 0;
  private lastMs = 0;

  constructor(private readonly pattern: Buffer) {
    this.repeated = Buffer.alloc(Math.ceil(2 * MIB / pattern.length) * pattern.length, pattern);
  }

  readonly take = (chunk: Buffer): void => {
    if (this.bytes === 0) this.firstMs = performance.now();
    for (let at = 0; at < chunk.length; at += MIB) {
      const piece = chunk.subarray(at, at + MIB);
      const phase = this.bytes % this.pattern.length;
      if (this.wrongAt < 0 && piece.compare(this.repeated, phase, phase + piece.length) !== 0) this.wrongAt = this.bytes;
      this.bytes += piece.length;
    }
    this.lastMs = performance.now();
  };

  sample(expected: number): Sample {
    return {
      values: { rate: this.bytes / 1e6 / ((this.lastMs - this.firstMs) / 1000) },
      saw: this.wrongAt < 0 ? `${this.bytes} bytes, all as written` : `other bytes from ${this.wrongAt} on`, expected: `${expected} bytes, all as written`,
    };
  }
}

function outputRow({ id, title, bytes, script, pattern }: Kind): Row {
  const argv = ['sh', '-c', script];
  return {
    id, title: `Output: ${title}`, rounds: 3, warmUps: 1,
    what: 'From the first byte to the last, every byte compared as it comes.',
    metrics: [{ key: 'rate', label: 'output', unit: 'MB/s', target: { atLeast: 0.8, against: 'best' } }],
    async open(stage) {
      const folder = stage.path('output');
      mkdirSync(folder);
      const ours = await stage.sandbox(folder, { limits: { output_bytes: 2 * bytes } });
      await ours.exec('true');
      const flowing = (name: string, run: (flow: Flow) => Promise<unknown>, mine = false): Contender => ({
        name, ours: mine, ready: () => ours.idle(),
        async once() {
          const flow = new Flow(pattern);
          await run(flow);
          return [flow.sample(bytes)];
        },
      });
      const box = await stage.rivalContainer();
      return [
        { ...flowing('Petri', (flow) => ours.exec(argv, { onOutput: flow.take }), true), done: () => stage.remove(ours) },
        flowing('raw attach, no log (Engine API)', (flow) => rawAttach(stage, argv, flow)),
        flowing('docker exec (command line)', (flow) => stage.run(['docker', 'exec', box, ...argv], flow.take)),
      ];
    },
  };
}

async function rawAttach(stage: Stage, command: string[], flow: Flow): Promise<void> {
  const id = await createContainer(stage.api, { name: stage.name('run'), image: stage.image, command });
  const output = follow(await attach(stage.api, id), flow.take);
  await stage.api.json('POST', `/containers/${id}/start`);
  await output;
  await stage.removeContainer(id);
}

export const OUTPUT_ROWS = KINDS.map(outputRow);
