import type { MissingImport } from '../../../protocol/missing';
import { printable } from '../text/printable';

const MOST_NAMED = 3;

/** One sentence with the fix; undefined when nothing is missing. */
export function missingLine(missing: readonly MissingImport[], folder: string): string | undefined {
  const names = [...new Map(missing.map((one) => [one.import, one])).values()];
  const [first] = names;
  if (!first) return undefined;
  const shown = names.slice(0, MOST_NAMED).map((one) => (one.package === null || one.package === one.import ? one.import : `${one.import} (${one.package})`));
  const rest = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const isAre = names.length === 1 ? 'is imported and not installed' : 'are imported and not installed';
  const fix = first.package === null ? `petri add ${folder} PACKAGE, with the package that has it` : `petri add ${folder} ${first.package}`;
  return printable(`${shown.join(', ')}${rest} ${isAre}; to add ${names.length === 1 ? 'it' : 'the first'}: ${fix}`);
}
