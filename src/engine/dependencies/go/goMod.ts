import { manifestInvalid } from '../manifestInvalid';
import { parseModSyntax, type Directive } from './modSyntax';

export interface Requirement { path: string; version: string; line: number }
export interface Replacement { from: string; version: string | undefined; to: string; toVersion: string | undefined; line: number }

/** What of a go.mod decides what is downloaded. */
export interface GoMod {
  module: string;
  /** As the go line says, e.g. `1.24.0`; undefined without one. */
  go: string | undefined;
  require: Requirement[];
  replace: Replacement[];
}

/** Throws PetriError `manifest-invalid` with file and line. */
export function parseGoMod(path: string, content: Buffer): GoMod {
  const directives = parseModSyntax(path, content);
  const of = (kind: string) => directives.filter(({ words }) => words[0] === kind);
  const [module, ...more] = of('module');
  if (!module?.words[1]) throw manifestInvalid(path, module?.line ?? 1, 'does not say what its module is called');
  if (more[0]) throw manifestInvalid(path, more[0].line, 'names its module a second time');
  return {
    module: module.words[1],
    go: of('go')[0]?.words[1],
    require: of('require').map((directive) => requirement(path, directive)),
    replace: replacements(path, directives),
  };
}

/** Folders that a go.work names, as written, its go line, and its own replacements. Throws PetriError `manifest-invalid` with file and line. */
export function parseGoWork(path: string, content: Buffer): { go: string | undefined; use: Array<{ folder: string; line: number }>; replace: Replacement[] } {
  const directives = parseModSyntax(path, content);
  const use = directives.filter(({ words }) => words[0] === 'use').map(({ words, line }) => {
    if (words.length !== 2) throw manifestInvalid(path, line, 'has to name one folder after use');
    return { folder: words[1]!, line };
  });
  return { go: directives.find(({ words }) => words[0] === 'go')?.words[1], use, replace: replacements(path, directives) };
}

/** Is this side of a replacement a folder and not a module? Go's own rule. */
export function isFolder(replacement: string): boolean {
  return /^(\.{1,2}(\/|$)|\/)/.test(replacement);
}

function requirement(path: string, { words, line }: Directive): Requirement {
  const [, name, version, ...rest] = words;
  if (!name || !version || rest.length > 0) throw manifestInvalid(path, line, 'has to name a module and a version after require');
  return { path: name, version, line };
}

function replacements(path: string, directives: Directive[]): Replacement[] {
  return directives.filter(({ words }) => words[0] === 'replace').map(({ words, line }) => {
    const arrow = words.indexOf('=>');
    const [from, version] = words.slice(1, arrow);
    const [to, toVersion] = words.slice(arrow + 1);
    if (arrow < 2 || arrow > 3 || !from || !to || words.length > arrow + 3) throw manifestInvalid(path, line, 'has to read replace OLD => NEW');
    if (toVersion === undefined && !isFolder(to)) throw manifestInvalid(path, line, 'has to give a version for what it replaces with, or a folder that starts with ./ or ../');
    return { from, version, to, toVersion, line };
  });
}
