import { hash } from 'node:crypto';
import { posix } from 'node:path';
import type { AddDependency, ManifestEdit } from '../../../protocol/missing';
import type { Language } from '../../../protocol/sandbox';
import { PetriError } from '../../errors';
import { apply, type ManifestEditor } from './edit';
import { goMod } from './goMod';
import { gradle } from './gradle';
import { packageJson } from './packageJson';
import { pomXml } from './pomXml';
import { pyprojectToml } from './pyprojectToml';
import { requirementsTxt } from './requirementsTxt';

const EDITORS: ReadonlyArray<[name: RegExp, language: Language, editor: ManifestEditor]> = [
  [/^[\w.-]*requirements[\w.-]*\.(?:txt|in)$/, 'python', requirementsTxt], [/^pyproject\.toml$/, 'python', pyprojectToml], [/^package\.json$/, 'node', packageJson],
  [/^go\.mod$/, 'go', goMod], [/^pom\.xml$/, 'java', pomXml], [/^build\.gradle$/, 'java', gradle(false)], [/^build\.gradle\.kts$/, 'java', gradle(true)],
];
/** What is written by hand, beside what a tool writes from it. */
const WRITTEN_FROM: Readonly<Record<string, string>> = {
  'uv.lock': 'pyproject.toml', 'poetry.lock': 'pyproject.toml', 'pylock.toml': 'pyproject.toml', 'package-lock.json': 'package.json', 'npm-shrinkwrap.json': 'package.json',
  'pnpm-lock.yaml': 'package.json', 'yarn.lock': 'package.json', 'go.sum': 'go.mod', 'go.work': 'go.mod',
};
const FIRST: Record<Language, string> = { python: 'requirements.txt', node: 'package.json', go: 'go.mod', java: 'pom.xml' };
const MOST_BYTES = 4 * 1024 * 1024;

/** Reads a file of the folder; undefined when there is none. */
export type ReadManifest = (path: string) => Promise<Buffer | undefined> | Buffer | undefined;

/**
 * What to change in the folder so that a manifest names one package more. Nothing is written. `chosen`: what the project is
 * installed from, '' for none. Rejects bad-request, manifest-invalid; conflict when it is named there already.
 */
export async function addDependency(language: Language, { package: wanted, manifest }: AddDependency, chosen: string, folder: string, read: ReadManifest): Promise<ManifestEdit> {
  const path = manifest === undefined ? await handWritten(chosen, language, read) : checked(manifest);
  const editor = editorFor(path, language);
  const parsed = editor.parse(wanted);
  const content = await read(path);
  if (!content) {
    const text = editor.create(parsed, folder);
    return { path, package: parsed.name, before: null, edit: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 }, text }, after: text };
  }
  if (content.length > MOST_BYTES) throw new PetriError('manifest-invalid', `${path} is too big for a manifest: ${content.length} bytes.`, { details: [path] });
  const text = content.toString('utf8');
  if (!Buffer.from(text).equals(content)) throw new PetriError('manifest-invalid', `${path} is no UTF-8 text.`, { details: [path] });
  const edit = editor.add(text, parsed, path);
  if (edit === 'already') {
    throw new PetriError('conflict', `${path} names ${parsed.name} already.`, { action: 'Install it: petri deps install.' });
  }
  return {
    path, package: parsed.name, before: hash('sha256', content, 'hex'), after: apply(text, edit),
    edit: { start: positionOf(text, edit.from), end: positionOf(text, edit.to), text: edit.text },
  };
}

async function handWritten(chosen: string, language: Language, read: ReadManifest): Promise<string> {
  if (chosen === '') return FIRST[language];
  const requirements = posix.join(posix.dirname(chosen), 'requirements.txt');
  // Python's lock of every tool may come from either.
  if (posix.basename(chosen) === 'pylock.toml' && !await read(posix.join(posix.dirname(chosen), 'pyproject.toml')) && await read(requirements)) return requirements;
  const name = WRITTEN_FROM[posix.basename(chosen)];
  return name === undefined ? chosen : posix.join(posix.dirname(chosen), name);
}

function checked(manifest: string): string {
  const path = posix.normalize(manifest);
  if (path.startsWith('/') || path.startsWith('..') || path.includes('\0') || path.includes('\\')) {
    throw new PetriError('bad-request', `${JSON.stringify(manifest)} is not inside the folder.`, { action: 'Name the manifest relative to the folder.' });
  }
  return path;
}

function editorFor(path: string, language: Language): ManifestEditor {
  const name = posix.basename(path);
  const found = EDITORS.find(([pattern]) => pattern.test(name));
  if (!found) throw new PetriError('bad-request', `${path} is no manifest that can be changed here.`, { action: `Add the package by hand, or name another: --manifest ${FIRST[language]}.` });
  if (found[1] !== language) throw new PetriError('bad-request', `${path} is no manifest of ${language}.`, { action: `Name another: --manifest ${FIRST[language]}.` });
  return found[2];
}

/** As editors count: a byte order mark is no character of theirs. */
function positionOf(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const mark = start === 0 && text.startsWith('\uFEFF') && offset > 0 ? 1 : 0;
  return { line: before.split('\n').length - 1, character: offset - start - mark };
}
