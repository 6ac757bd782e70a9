import { posix } from 'node:path';
import type { Language } from '../../protocol/sandbox';
import { goImports } from './goImports';
import type { ImportStatement } from './importStatement';
import { nodeImports } from './nodeImports';
import { pythonImports } from './pythonImports';

const SOURCES: Record<Language, RegExp> = { python: /\.pyw?$/, node: /\.[cm]?[jt]sx?$/, go: /\.go$/, java: /\.java$/ };
/** Folders of other people's code, or of nobody's. */
const NOT_OWN = /(?:^|\/)(?:node_modules|site-packages|\.?venv|env|\.tox|\.nox|vendor|dist|build|out|coverage|__pycache__|\.git|\.next|\.nuxt)\//;
const NODE_ENDINGS = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx', '/index.js', '/index.mjs', '/index.cjs', '/index.ts', '/index.tsx', '/index.jsx'];

export function isSource(language: Language, path: string): boolean {
  return SOURCES[language].test(path) && !NOT_OWN.test(path) && !path.endsWith('.d.ts');
}

export function importsOf(language: Language, text: string, path: string): ImportStatement[] {
  switch (language) {
    case 'python': return pythonImports(text);
    case 'node': return nodeImports(text, path);
    case 'go': return goImports(text);
    case 'java': return [];
  }
}

/** The files of the workspace that a command starts with, by their paths; empty when it names none. */
export function entriesOf(language: Language, command: string | readonly string[], cwd: string, exists: (path: string) => boolean): string[] {
  const words = typeof command === 'string' ? command.split(/[\s"';|&()<>]+/) : command;
  return words.map((word) => posix.normalize(posix.join(cwd, word))).filter((path) => isSource(language, path) && exists(path));
}

/** Files of the workspace that an import may mean: too many rather than too few. */
export function localFiles(language: Language, path: string, name: string, sources: ReadonlySet<string>): string[] {
  const folder = posix.dirname(path);
  if (language === 'node') {
    if (!/^\.{1,2}(?:\/|$)/.test(name)) return [];
    const base = posix.normalize(posix.join(folder, name));
    // TypeScript writes the name that the file will have.
    return [...NODE_ENDINGS.map((ending) => base + ending), base.replace(/\.([cm]?)js$/, '.$1ts')].filter((file) => sources.has(file));
  }
  if (language !== 'python') return [];
  const parts = name.split('.');
  return ['', 'src', folder === '.' ? '' : folder].flatMap((base) => {
    const top = posix.join(base, parts[0]!);
    const inside = [...sources].filter((file) => file.startsWith(`${top}/`));
    return [...(sources.has(`${top}.py`) ? [`${top}.py`] : []), ...inside];
  });
}

/** Names that the project's own files give: modules and packages of Python. */
export function ownPythonNames(paths: Iterable<string>): Set<string> {
  const names = new Set<string>();
  for (const path of paths) {
    if (!/\.(?:pyw?|pyi|so)$/.test(path) || NOT_OWN.test(path)) continue;
    const parts = path.split('/');
    names.add(parts.pop()!.split('.', 1)[0]!);
    for (const part of parts) names.add(part);
  }
  return names;
}

/** package.json's own name and all that it asks for, installed or not: those are no forgotten ones. */
export function ownNodeNames(manifest: Record<string, unknown> | undefined): string[] {
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  const asked = kinds.flatMap((kind) => (typeof manifest?.[kind] === 'object' && manifest[kind] !== null ? Object.keys(manifest[kind]) : []));
  return [...(typeof manifest?.name === 'string' ? [manifest.name] : []), ...asked];
}
