// Reads an access log, prints how each path was answered and writes the same as JSON.
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseLine } from './parse.js';
import { Tally } from './tally.js';

const log = process.argv[2] ?? new URL('../data/access.log', import.meta.url);
const tally = new Tally();
for await (const line of createInterface({ input: createReadStream(log) })) {
  const hit = parseLine(line);
  if (hit) tally.add(hit);
  else console.error(`not understood: ${line}`);
}
for (const { path, hits, errors, bytes } of tally.rows()) {
  console.log(`${path.padEnd(14)}${String(hits).padStart(3)} hits ${String(errors).padStart(3)} errors ${String(bytes).padStart(7)} bytes`);
}
const out = new URL('../out/', import.meta.url);
await mkdir(out, { recursive: true });
await writeFile(new URL('tally.json', out), `${JSON.stringify(tally.rows(), null, 2)}\n`);
