import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { extract } from 'tar-stream';
import { apiExec } from '../rivals/api';
import type { Row, Sample } from '../row';
import { filler } from '../tree';

const FILE_BYTES = 4096;
const MAKE = (content: string) => ['sh', '-c', 'printf %s "$1" > made.txt', 'sh', content];

async function timed(expected: string, read: () => Promise<Buffer>): Promise<Sample[]> {
  const start = performance.now();
  const bytes = await read();
  const ms = performance.now() - start;
  const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
  return [{ values: { read: ms }, saw: sha256(bytes), expected: sha256(expected) }];
}

/** The engine answers with an archive; taking the file out of it belongs to reading it. */
async function onlyFile(archive: Buffer): Promise<Buffer> {
  const entries = extract();
  entries.end(archive);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }
  throw new Error('The archive is empty.');
}

const readFile: Row = {
  id: 'file-out', title: 'One 4 KB file out', rounds: 20, warmUps: 2,
  what: 'A file that a run made, from the call to its bytes.',
  metrics: [{ key: 'read', label: 'file out', unit: 'ms', target: { atMost: 0.1, against: 'each' } }],
  async open(stage) {
    const folder = stage.path('file');
    mkdirSync(folder);
    const content = filler('made', FILE_BYTES);
    const ours = await stage.sandbox(folder);
    await ours.exec(MAKE(content));
    const box = await stage.rivalContainer();
    await apiExec(stage.api, box, MAKE(content), '/work');
    const rivals = [
      { name: 'archive (Engine API)', read: async () => onlyFile(await stage.api.bytes('GET', `/containers/${box}/archive?path=/work/made.txt`)) },
      { name: 'docker cp', read: async () => onlyFile((await stage.docker('cp', `${box}:/work/made.txt`, '-')).stdout) },
    ];
    return [
      { name: 'Petri', ours: true, ready: () => ours.idle(), once: () => timed(content, () => ours.sandbox.readFile('made.txt')), done: () => stage.remove(ours) },
      ...rivals.map(({ name, read }) => ({ name, ours: false, once: () => timed(content, read) })),
    ];
  },
};

export const FILE_ROWS = [readFile];
