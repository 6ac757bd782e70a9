import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { headerOf, printable } from './header';
import { jsonOf } from './json';
import { measureRow } from './measure';
import { readOptions, USAGE, UsageError, type BenchOptions } from './options';
import type { Row } from './row';
import { EDIT_ROWS } from './rows/edit';
import { FILE_ROWS } from './rows/file';
import { FIRST_SYNC_ROWS } from './rows/firstSync';
import { INSTALL_ROWS } from './rows/install';
import { OUTPUT_ROWS } from './rows/output';
import { START_ROWS } from './rows/start';
import { Stage } from './stage';
import { tableOf } from './table';

/** This bundle is dist/test/bench/main.cjs. */
const ROOT = resolve(__dirname, '../../..');
const ROWS: Row[] = [...START_ROWS, ...EDIT_ROWS, ...FIRST_SYNC_ROWS, ...OUTPUT_ROWS, ...FILE_ROWS, ...INSTALL_ROWS];

async function bench(options: BenchOptions, signal: AbortSignal): Promise<void> {
  const rows = ROWS.filter((row) => (options.large || !row.large) && (options.registries || !row.registries)
    && (!options.only || options.only.test(row.id) || options.only.test(row.title)));
  if (rows.length === 0) throw new UsageError(`No row matches. There are: ${ROWS.map(({ id }) => id).join(', ')}.`);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const stage = await Stage.open({ entry: join(ROOT, 'dist/runner/petri.cjs'), version, signal, progress });
  try {
    const header = headerOf(stage, version);
    write(printable(header));
    const results: object[] = [];
    for (const row of rows) {
      const result = await measureRow(row, stage, options.rounds ?? row.rounds, progress);
      write(tableOf(result));
      results.push(jsonOf(result));
      mkdirSync(join(ROOT, 'dist'), { recursive: true });
      writeFileSync(join(ROOT, 'dist/bench.json'), `${JSON.stringify({ header, rows: results }, undefined, 2)}\n`);
    }
  } finally {
    progress('Cleaning up');
    for (const left of await stage.close()) write(`Could not be cleaned up: ${left}\n`);
    progress('');
  }
}

/** One line on a terminal's stderr that the next one replaces; nothing where nobody looks. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

function write(text: string): void {
  progress('');
  process.stdout.write(text);
}

async function main(): Promise<void> {
  const stop = new AbortController();
  // The first Ctrl-C cleans up; a second one finds no listener and ends at once.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error('Stopped.')));
  try {
    await bench(readOptions(process.argv.slice(2)), stop.signal);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
    process.exitCode = stop.signal.aborted ? 130 : 1;
  }
}

void main();
