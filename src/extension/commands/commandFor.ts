import { posix } from 'node:path';
import type { Language } from '../../protocol/sandbox';

/** How to run one file: in which language's image, and as what. */
export interface FileCommand {
  language: Language;
  argv: string[];
  /** Folder inside the workspace, relative. */
  cwd: string;
}

const LANGUAGE_OF: Readonly<Record<string, Language>> = { python: 'python', javascript: 'node', go: 'go', java: 'java' };
const NAMES: Readonly<Record<string, string>> = { python: 'Python', node: 'Node.js', go: 'Go', java: 'Java' };
const PROGRAM: Readonly<Record<Exclude<Language, 'go'>, string>> = { python: 'python', node: 'node', java: 'java' };

/**
 * The command for a file; undefined when its language has none. `path` is relative to the folder, slash-separated;
 * `exists` answers for such paths.
 */
export async function commandFor(editorLanguage: string, path: string, exists: (path: string) => Promise<boolean>): Promise<FileCommand | undefined> {
  const language = LANGUAGE_OF[editorLanguage];
  if (language === undefined) return undefined;
  if (language !== 'go') return { language, argv: [PROGRAM[language], asArgument(path)], cwd: '' };
  const module = await moduleFolder(posix.dirname(path), exists);
  if (module === undefined) return { language, argv: ['go', 'run', asArgument(path)], cwd: '' };
  // A package is more than the open file.
  const goPackage = posix.relative(module, posix.dirname(path));
  return { language, argv: ['go', 'run', goPackage === '' ? '.' : `./${goPackage}`], cwd: module };
}

/** A language as its people write it. */
export function languageName(language: string): string {
  return NAMES[language] ?? language;
}

async function moduleFolder(folder: string, exists: (path: string) => Promise<boolean>): Promise<string | undefined> {
  for (let current = folder === '.' ? '' : folder; ; current = parentOf(current)) {
    if (await exists(posix.join(current, 'go.mod'))) return current;
    if (current === '') return undefined;
  }
}

function parentOf(folder: string): string {
  const parent = posix.dirname(folder);
  return parent === '.' ? '' : parent;
}

/** A file called -c is no option. */
function asArgument(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}
