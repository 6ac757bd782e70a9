import { posix } from 'node:path';
import type { Language } from '../../protocol/sandbox';

/** How to run one file: in which language's image (undefined: any), and as what. */
export interface FileCommand {
  language: Language | undefined;
  argv: string[];
  /** Folder inside the workspace, relative. */
  cwd: string;
}

type Runnable = Language | 'shell';

const RUNNABLE: Readonly<Record<string, Runnable>> = { python: 'python', javascript: 'node', go: 'go', java: 'java', shellscript: 'shell' };
const NAMES: Readonly<Record<string, string>> = { python: 'Python', node: 'Node.js', go: 'Go', java: 'Java' };
const PROGRAM: Readonly<Record<Exclude<Runnable, 'go'>, string>> = { python: 'python', node: 'node', java: 'java', shell: 'sh' };
/** A compiler wants a file. */
const fromFile = (name: string, program: string) => ['sh', '-c', `cat > /tmp/${name} && exec ${program} /tmp/${name}`];
const FROM_STDIN: Readonly<Record<Runnable, string[]>> = {
  python: ['python', '-'], node: ['node', '-'], shell: ['sh', '-s'], go: fromFile('main.go', 'go run'), java: fromFile('Main.java', 'java'),
};

/** Whether a document of this language can be run. */
export function isRunnable(editorLanguage: string): boolean {
  return Object.hasOwn(RUNNABLE, editorLanguage);
}

/**
 * The command for a file; undefined when its language has none. `path` is relative to the folder, slash-separated;
 * `exists` answers for such paths.
 */
export async function commandFor(editorLanguage: string, path: string, exists: (path: string) => Promise<boolean>): Promise<FileCommand | undefined> {
  const runnable = RUNNABLE[editorLanguage];
  if (runnable === undefined) return undefined;
  const language = languageOf(runnable);
  if (runnable !== 'go') return { language, argv: [PROGRAM[runnable], asArgument(path)], cwd: '' };
  const module = await moduleFolder(posix.dirname(path), exists);
  if (module === undefined) return { language, argv: ['go', 'run', asArgument(path)], cwd: '' };
  // A package is more than the open file.
  const goPackage = posix.relative(module, posix.dirname(path));
  return { language, argv: ['go', 'run', goPackage === '' ? '.' : `./${goPackage}`], cwd: module };
}

/** The command for a text that comes through stdin; undefined when its language has none. */
export function commandForText(editorLanguage: string): FileCommand | undefined {
  const runnable = RUNNABLE[editorLanguage];
  return runnable && { language: languageOf(runnable), argv: FROM_STDIN[runnable], cwd: '' };
}

/** A language as its people write it. */
export function languageName(language: string): string {
  return NAMES[language] ?? language;
}

function languageOf(runnable: Runnable): Language | undefined {
  return runnable === 'shell' ? undefined : runnable;
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
