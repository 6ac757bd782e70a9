import type { ManifestFile, Requested } from '../adapter';
import { decode } from './requirements';

/** What a setup.cfg declares: its install_requires, the extras that are asked for; undefined when it describes no package. */
export function readSetupCfg(file: ManifestFile, groups: readonly string[]): { lines: string[]; requested: Requested[] } | undefined {
  const sections = readIni(decode(file.content));
  if (!sections.has('metadata') && !sections.has('options')) return undefined;
  const listed = [...sections.get('options')?.get('install_requires') ?? [], ...groups.flatMap((group) => sections.get('options.extras_require')?.get(group.toLowerCase()) ?? [])];
  const lines = listed.filter(({ text }) => text !== '' && !text.startsWith('#') && !text.startsWith('file:'));
  return {
    lines: lines.map(({ text }) => text),
    requested: lines.map(({ text, line }) => {
      const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(text)?.[0] ?? text;
      const version = text.slice(name.length).replace(/^\s*\[[^\]]*\]/, '').split(';')[0]!.trim();
      return { name, ...(version !== '' && { version }), path: file.path, line };
    }),
  };
}

interface Value { text: string; line: number }

/** As Python's configparser reads it: continuation lines are indented. */
function readIni(text: string): Map<string, Map<string, Value[]>> {
  const sections = new Map<string, Map<string, Value[]>>();
  let section = new Map<string, Value[]>();
  let values: Value[] | undefined;
  for (const [at, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const trimmed = raw.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    const header = /^\[([^\]]+)\]/.exec(raw);
    const pair = /^([^\s=:[][^=:]*?)\s*[=:]\s*(.*)$/.exec(raw);
    if (header) {
      sections.set(header[1]!.trim(), section = new Map());
      values = undefined;
    } else if (/^\s/.test(raw) && values) {
      values.push({ text: trimmed, line: at + 1 });
    } else if (pair) {
      section.set(pair[1]!.trim().toLowerCase(), values = [{ text: pair[2]!.trim(), line: at + 1 }]);
    }
  }
  return sections;
}
