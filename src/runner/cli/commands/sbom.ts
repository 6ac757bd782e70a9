import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { sbomRows, type SbomRow } from '../../../protocol/sbom';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Cli } from '../cli';
import { printable } from '../text/printable';
import { table } from '../text/table';
import { count } from '../text/units';

/** Of a cell; the document has it whole. */
const LONGEST_LICENCE = 60;

interface Options { spdx?: boolean; table?: boolean; output?: string }

export function addSbom(program: Command, cli: Cli): void {
  program.command('sbom').summary('print what was installed where a run ran')
    .description('The run\'s software bill of materials: the packages of its dependency set and of its image, with versions, licences and hashes, as CycloneDX 1.6.')
    .argument('<run>', 'a run\'s id, from petri runs')
    .option('--spdx', 'as SPDX 2.3 instead')
    .option('--table', 'as a table to read')
    .option('-o, --output <file>', 'write it to a file that does not exist yet')
    .action(async (run: string, options: Options) => {
      if (options.table && options.spdx) throw new PetriClientError('bad-request', 'A table has no format.', { action: 'Leave out --spdx or --table.' });
      const document = await cli.withPetri(cli.view(), (petri) => petri.sbom(run, options.spdx ? 'spdx' : 'cyclonedx'));
      const text = options.table ? readable(document) : document;
      if (options.output === undefined) return void cli.terminal.out.write(text);
      await writeNew(options.output, text);
    });
}

function readable(document: string): string {
  const { rows, incomplete } = sbomRows(document);
  const lines = rows.map((row) => [row.name, row.version, short(row.licence) || 'unknown', row.system ? 'image' : row.kind, row.warnings.length > 0 ? '!' : '']);
  return [
    table(['PACKAGE', 'VERSION', 'LICENCE', 'FROM', ''], lines),
    `${count(rows.filter((row) => !row.system).length, 'package')} of the project, ${rows.filter((row) => row.system).length} of the image.\n`,
    ...rows.flatMap(warnings), ...incomplete.map((sentence) => `Incomplete: ${printable(sentence)}\n`),
  ].join('');
}

function short(licence: string): string {
  return licence.length > LONGEST_LICENCE ? `${licence.slice(0, LONGEST_LICENCE - 1)}…` : licence;
}

function warnings({ name, warnings }: SbomRow): string[] {
  return warnings.map((warning) => `! ${printable(name)}: ${printable(warning)}\n`);
}

/** An evidence file is never overwritten. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o644);
    await file.writeFile(text).finally(() => file.close());
  } catch (cause) {
    throw new PetriClientError('bad-request', `${path} cannot be written: ${(cause as Error).message}.`, { action: 'Name a file that does not exist yet.' });
  }
}
