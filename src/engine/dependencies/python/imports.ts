import { decode } from './requirements';
import * as z from 'zod';
import type { ImportScan, InstallPlan, Requested } from '../adapter';
import { isForeign } from '../manifestPaths';
import { packageOf } from './curated';
import program from './imports.py';
import { EMPTY, steps } from './plan';

const Printed = z.object({
  imports: z.record(z.string(), z.object({ path: z.string(), line: z.int(), guarded: z.boolean() })), broken: z.array(z.string()),
});
const MOST_NAMED = 10;

export const pythonImports: ImportScan = {
  source: (path) => path.endsWith('.py') && !isForeign(path),
  /** A continued import spreads over lines that do not say so: whoever adds one to such a list adds no module. */
  gist: (content) => decode(content).split(/\r\n|\n|\r/).filter((line) => line.includes('import')).join('\n'),
  argv: ['python3', '-I', '-S', '-c', program],
  plan: planImports,
};

/** Curated names are installed; what is optional to the program is not; anything else is for a person to decide, since names are invented and squatted. */
function planImports(printed: string): InstallPlan {
  const { imports } = Printed.parse(JSON.parse(printed));
  const requested = new Map<string, Requested>();
  const unknown: string[] = [];
  const large: string[] = [];
  for (const [module, { path, line, guarded }] of Object.entries(imports)) {
    const known = packageOf(module);
    if (known && !known.large) requested.set(known.name, { name: known.name, path, line });
    else if (!guarded) (known ? large : unknown).push(`${module} (${path}:${line})`);
  }
  const notices = [
    ...(unknown.length > 0 ? [`Not installed by itself, since its package is not known for certain: ${listed(unknown)}. Name the packages in a requirements.txt.`] : []),
    ...(large.length > 0 ? [`Too big to be installed by an import alone: ${listed(large)}. Name them in a requirements.txt.`] : []),
  ];
  const names = [...requested.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return { ...steps({ ...EMPTY, requirements: names.map(({ name }) => name) }, names, undefined), notices };
}

function listed(all: string[]): string {
  return all.length <= MOST_NAMED ? all.join(', ') : `${all.slice(0, MOST_NAMED).join(', ')} and ${all.length - MOST_NAMED} more`;
}
