import { LANGUAGES, type Language } from '../../protocol/sandbox';
import type { FileSource, HostEntry } from '../ports/fileSource';

const MANIFESTS: Record<Language, RegExp> = {
  python: /^(pyproject\.toml|uv\.lock|poetry\.lock|pylock\.toml|requirements.*\.txt|setup\.(py|cfg)|Pipfile)$/,
  node: /^package(-lock)?\.json$|^(pnpm-lock\.yaml|yarn\.lock)$/,
  go: /^go\.(mod|work)$/,
  java: /^pom\.xml$|^(build|settings)\.gradle(\.kts)?$/,
};
const SOURCES: Record<Language, RegExp> = {
  python: /\.py$/, node: /\.(m|c)?[jt]sx?$/, go: /\.go$/, java: /\.java$/,
};
/** Deep enough to see src/main/java/…, shallow enough to cost nothing. */
const DEPTH = 4;
const MOST_ENTRIES = 2000;

/** Manifest first, then what most files are written in; Python when nothing says anything. */
export function guessLanguage(source: FileSource): Language {
  const files = lookAround(source);
  const top = files.filter((path) => !path.includes('/'));
  const declared = LANGUAGES.filter((language) => top.some((name) => MANIFESTS[language].test(name)));
  const candidates = declared.length > 0 ? declared : LANGUAGES;
  const count = (language: Language) => files.filter((path) => SOURCES[language].test(path)).length;
  return [...candidates].sort((a, b) => count(b) - count(a))[0] ?? 'python';
}

function lookAround(source: FileSource): string[] {
  const files: string[] = [];
  let level = [''];
  for (let depth = 0; depth < DEPTH && files.length < MOST_ENTRIES; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      for (const entry of listed(source, folder)) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.type === 'file') files.push(path);
        else if (entry.type === 'folder' && !entry.name.startsWith('.') && entry.name !== 'node_modules') next.push(path);
      }
    }
    level = next;
  }
  return files;
}

function listed(source: FileSource, folder: string): HostEntry[] {
  try {
    return source.list(folder);
  } catch {
    return []; // an unreadable folder says nothing about the language; the sync names it
  }
}
