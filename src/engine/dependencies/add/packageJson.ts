import { getNodeValue, modify, parseTree, type ParseError } from 'jsonc-parser/lib/esm/main.js';
import { lineEnd, noPackage, notUnderstood, type ManifestEditor } from './edit';

const NAME = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([\w.^~<>=*|\s+-]+))?$/;
const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'];

export const packageJson: ManifestEditor = {
  parse(wanted) {
    const match = NAME.exec(wanted.trim());
    if (!match || match[1]!.length > 214) throw noPackage(wanted, 'express or express@^4');
    return { name: match[1]!, version: match[2]?.trim() ?? '' };
  },
  add(text, { name, version }, path) {
    const errors: ParseError[] = [];
    const tree = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
    const manifest = tree && (getNodeValue(tree) as Record<string, unknown>);
    if (errors.length > 0 || tree?.type !== 'object' || !manifest) throw notUnderstood(path, 'it is no valid JSON');
    if (KINDS.some((kind) => namesOf(manifest[kind]).includes(name))) return 'already';
    const edits = modify(text, ['dependencies', name], version || '*', {
      formattingOptions: formatting(text),
      // A sorted list stays sorted, as npm keeps it. Without a list these are the manifest's own keys.
      getInsertionIndex: (existing) => (manifest.dependencies !== undefined && isSorted(existing) ? existing.filter((one) => one < name).length : existing.length),
    });
    if (edits.length !== 1) throw notUnderstood(path, 'its dependencies are no list');
    const [{ offset, length, content }] = edits as [typeof edits[number]];
    return { from: offset, to: offset + length, text: content };
  },
  create: ({ name, version }) => `${JSON.stringify({ private: true, dependencies: { [name]: version || '*' } }, undefined, 2)}\n`,
};

function namesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

function isSorted(names: readonly string[]): boolean {
  return names.every((one, at) => at === 0 || names[at - 1]! <= one);
}

function formatting(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 4 : indent.length, eol: lineEnd(text) };
}
