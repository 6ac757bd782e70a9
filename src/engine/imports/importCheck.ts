import { hash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { MissingImport } from '../../protocol/missing';
import type { Language } from '../../protocol/sandbox';
import { parseRecord } from '../sbom/text';
import { parseGoMod } from '../sbom/goModFile';
import { MOST_SOURCE, type ImportStatement } from './importStatement';
import { knownPackage, nodePackageOf } from './knownPackages';
import type { OutputHint } from './outputHints';
import { isMissing, type Provided } from './provided';
import { importsOf, isSource, localFiles, ownNodeNames, ownPythonNames } from './sources';

/** The user's files as they were last synced. */
export interface SyncedFiles {
  /** Content hash by path. */
  files: ReadonlyMap<string, string>;
  /** undefined when it cannot be read any more. */
  read(path: string): Buffer | undefined;
}

const MOST_FILES = 2000;
const MOST_MISSING = 200;
const MOST_REMEMBERED = 20_000;
/** Files between two breaths: nothing else of the runner waits for more than a few milliseconds. */
const BREATH = 20;

/** Finds imports that nothing serves, without executing anything. Remembers by content what a file imports. */
export class ImportCheck {
  private readonly remembered = new Map<string, ImportStatement[]>();

  /**
   * Looks through `entries` and all that they import of the project's own, or through every source where there are none.
   * `provided.own` is completed with the project's own names.
   */
  async missing(language: Language, synced: SyncedFiles, entries: readonly string[], provided: Omit<Provided, 'own'>): Promise<MissingImport[]> {
    const sources = new Set([...synced.files.keys()].filter((path) => isSource(language, path)));
    const all = { ...provided, own: this.ownNames(language, synced) };
    const queue = entries.length > 0 ? [...entries] : [...sources].sort().slice(0, MOST_FILES);
    const seen = new Set(queue);
    const found: MissingImport[] = [];
    for (let at = 0; at < queue.length && at < MOST_FILES && found.length < MOST_MISSING; at += 1) {
      const path = queue[at]!;
      for (const statement of this.importsIn(language, path, synced)) {
        if (!statement.optional && isMissing(language, statement, all)) found.push(toMissing(language, path, statement));
        for (const next of entries.length > 0 ? localFiles(language, path, statement.name, sources) : []) {
          if (!seen.has(next)) queue.push(next);
          seen.add(next);
        }
      }
      if (at % BREATH === BREATH - 1) await breathe();
    }
    return unique(found).slice(0, MOST_MISSING);
  }

  /** What a run said, where it can be true: nothing serves that name, and the place, if it names one, is there. */
  confirm(language: Language, synced: SyncedFiles, hints: readonly OutputHint[], provided: Omit<Provided, 'own'>, known: readonly MissingImport[]): MissingImport[] {
    const all = { ...provided, own: this.ownNames(language, synced) };
    const fresh = hints.flatMap((hint): MissingImport[] => {
      if (language !== 'java' && !isMissing(language, hint, all)) return [];
      if (known.some((one) => sameImport(language, one.import, hint.name))) return [];
      const path = hint.path !== null && synced.files.has(hint.path) ? hint.path : null;
      const place = path !== null ? this.placeOf(language, path, hint, synced) : undefined;
      return [{ language, import: importName(language, hint.name), package: knownPackage(language, hint.name), path, line: place?.line ?? null, column: place?.column ?? null }];
    });
    return unique(fresh);
  }

  /** Where the file itself has the import; a line that it does not have is not taken over. */
  private placeOf(language: Language, path: string, hint: OutputHint, synced: SyncedFiles): { line: number; column: number } | undefined {
    const statement = this.importsIn(language, path, synced).find(({ name }) => sameImport(language, name, hint.name));
    if (statement) return statement;
    const lines = hint.line === null ? undefined : synced.read(path)?.toString('utf8').split('\n');
    if (hint.line === null || !lines || hint.line < 1 || hint.line > lines.length) return undefined;
    const text = lines[hint.line - 1]!;
    return { line: hint.line, column: Math.max(text.indexOf(hint.name) + 1, text.search(/\S/) + 1, 1) };
  }

  private importsIn(language: Language, path: string, { files, read }: SyncedFiles): ImportStatement[] {
    const key = `${files.get(path)} ${path.slice(path.lastIndexOf('.'))}`;
    const remembered = this.remembered.get(key);
    if (remembered) return remembered;
    const content = read(path);
    if (!content) return [];
    const statements = content.length > MOST_SOURCE ? [] : importsOf(language, content.toString('utf8').replace(/^\uFEFF/, ''), path);
    // Changed since the sync: what it says now is another file's.
    if (hash('sha256', content, 'hex') === files.get(path)) {
      if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
      this.remembered.set(key, statements);
    }
    return statements;
  }

  private ownNames(language: Language, { files, read }: SyncedFiles): Set<string> {
    if (language === 'python') return ownPythonNames(files.keys());
    const manifests = (name: RegExp) => [...files.keys()].filter((path) => name.test(path) && !path.includes('node_modules/')).slice(0, 200);
    const contents = (name: RegExp) => manifests(name).map((path) => read(path)).filter((content) => content !== undefined);
    if (language === 'node') return new Set(contents(/(?:^|\/)package\.json$/).flatMap((content) => ownNodeNames(parseRecord(content))));
    if (language !== 'go') return new Set();
    return new Set(contents(/(?:^|\/)go\.mod$/).map((content) => parseGoMod(content.toString('utf8'))).flatMap((mod) => [mod.module, ...mod.require.map(({ path }) => path)]));
  }
}

function toMissing(language: Language, path: string, { name, line, column }: ImportStatement): MissingImport {
  return { language, import: importName(language, name), package: knownPackage(language, name), path, line, column };
}

/** What the user would look for: the top of a Python module, the package of a file in it. */
function importName(language: Language, name: string): string {
  return language === 'node' ? nodePackageOf(name) : language === 'python' && knownPackage(language, name) === knownPackage(language, name.split('.', 1)[0]!) ? name.split('.', 1)[0]! : name;
}

function sameImport(language: Language, a: string, b: string): boolean {
  return importName(language, a) === importName(language, b);
}

/** Each once a file, where it first stands. */
function unique(missing: readonly MissingImport[]): MissingImport[] {
  const first = new Map<string, MissingImport>();
  for (const one of missing) {
    const key = `${one.import} ${one.path}`;
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}
