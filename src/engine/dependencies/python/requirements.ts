import { PetriError } from '../../errors';
import type { ManifestFile, Requested } from '../adapter';
import { folderOf, resolveInside } from '../manifestPaths';
import { refused } from '../refused';

/** What a requirements file comes to, its includes among it. */
export interface Requirements {
  /** Lines for pip, each whole: name, extras, version, marker, hashes. */
  lines: string[];
  constraints: string[];
  requested: Requested[];
  /** Folders of the workspace that are installed as they lie: `-e .`, `./lib[extra]`. */
  local: Array<{ root: string; extras: string[] }>;
  /** `--pre` was among the options. */
  pre: boolean;
  /** Indexes that it names, for whoever knows which are allowed. */
  indexes: Requested[];
}

const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(.*)$/s;
/** Longest first: none is the beginning of one that stands after it. */
const INDEX_OPTION = /^(--extra-index-url|--index-url|--find-links|--trusted-host|-i|-f)(?:\s*=\s*|\s+|(?<=^-[if]))(.+)$/;
const MOST_INCLUDES = 200;

/** A line as it counts, with where it begins. */
interface Line { text: string; line: number }

/** Every path that `-r` and `-c` in these files lead to, inside the workspace. */
export function includedPaths(files: Iterable<ManifestFile>): string[] {
  const found: string[] = [];
  for (const file of files) {
    for (const { text } of linesOf(file.content)) {
      const include = includeOf(text);
      const path = include && resolveInside(folderOf(file.path), include.path);
      if (path !== undefined) found.push(path);
    }
  }
  return found;
}

/** Throws manifest-invalid and source-refused, naming file and line. */
export function readRequirements(entry: string, files: ReadonlyMap<string, ManifestFile>): Requirements {
  const found: Requirements = { lines: [], constraints: [], requested: [], local: [], pre: false, indexes: [] };
  read(entry, files, found, false, new Set());
  return found;
}

function read(path: string, files: ReadonlyMap<string, ManifestFile>, found: Requirements, constraint: boolean, seen: Set<string>): void {
  const file = files.get(path);
  if (!file || seen.has(path) || seen.size > MOST_INCLUDES) return;
  seen.add(path);
  for (const { text, line } of linesOf(file.content)) {
    const include = includeOf(text);
    if (include) {
      const target = resolveInside(folderOf(path), include.path);
      if (target === undefined || !files.has(target)) throw invalid(path, line, `${include.path} is not in the workspace`);
      read(target, files, found, constraint || include.constraint, seen);
    } else if (text.startsWith('-') && !/^(-e|--editable)\b/.test(text)) {
      option(text, path, line, found);
    } else {
      requirement(text, path, line, found, constraint);
    }
  }
}

function option(text: string, path: string, line: number, found: Requirements): void {
  const index = INDEX_OPTION.exec(text);
  if (index) {
    const address = index[2]!.trim();
    // A folder of archives is the user's own; there is nothing in it that pip would be told of here.
    if (!address.includes('://') && index[1] !== '--trusted-host') return;
    if (index[1] !== '--trusted-host') found.indexes.push({ name: address, path, line, source: { kind: 'registry', address } });
  } else if (text === '--pre') {
    found.pre = true;
  } else if (!/^--(no-index|prefer-binary|no-binary|only-binary|require-hashes|use-feature|no-deps|progress-bar|use-pep517)\b/.test(text)) {
    throw invalid(path, line, `the option ${text.split(/[\s=]/)[0]} is not known`);
  }
}

function requirement(text: string, path: string, line: number, found: Requirements, constraint: boolean): void {
  const target = text.replace(/^(-e|--editable)(\s+|=)/, '').trim();
  const direct = /^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@\s*(.+)$/.exec(target)?.[1] ?? target;
  const source = sourceOf(direct.split(/\s+(?:;|--|#)/)[0]!.trim());
  if (source?.kind === 'path') {
    const local = /^(.*?)(\[([^\]]*)\])?$/.exec(source.address)!;
    const root = resolveInside(folderOf(path), local[1]!);
    if (root === undefined) throw refused({ name: direct, path, line, source }, 'it lies outside the workspace');
    found.requested.push({ name: root || '.', path, line, source });
    if (!constraint) found.local.push({ root, extras: (local[3] ?? '').split(',').map((extra) => extra.trim()).filter(Boolean) });
    return;
  }
  if (source) throw refused({ name: direct, path, line, source }, 'only packages of the registry are installed');
  const parts = NAME.exec(target);
  const rest = parts?.[3] ?? '';
  if (!parts || (rest !== '' && !/^(?:[<>=!~(;]|--hash|--config|--global|--install)/.test(rest))) throw invalid(path, line, `${JSON.stringify(text.slice(0, 100))} is no requirement`);
  const version = rest.split(/;|\s--/)[0]!.trim().replace(/^\((.*)\)$/, '$1');
  if (constraint) {
    found.constraints.push(target);
    return;
  }
  found.requested.push({ name: parts[1]!, ...(version !== '' && { version }), path, line });
  found.lines.push(target.replace(/\s--(config-settings?|global-option|install-option)[= ]\S+/g, ''));
}

/** A requirement that is an address or a folder, or undefined for a name. */
export function sourceOf(target: string): Requested['source'] {
  if (/^(git|hg|svn|bzr)\+/.test(target) || /^git@/.test(target)) return { kind: 'git', address: target };
  if (/^file:/i.test(target)) return { kind: 'path', address: target.replace(/^file:(\/\/(localhost)?)?/i, '') };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return { kind: 'url', address: target };
  if (/^[.~/\\]|^[A-Za-z]:[\\/]/.test(target) || /[/\\]/.test(target.split(/[[;<>=!~ ]/)[0]!)) return { kind: 'path', address: target };
  return undefined;
}

/** With file and line, and what is wrong there. */
export function invalid(path: string, line: number, why: string): PetriError {
  return new PetriError('manifest-invalid', `${path}:${line}: ${why}.`, { action: 'Mend the file, and run again.', details: [`${path}:${line}`] });
}

function includeOf(text: string): { path: string; constraint: boolean } | undefined {
  const include = /^(?:(-r|--requirement)|(-c|--constraint))(?:\s*=\s*|\s+|(?<=^-[rc]))(.+)$/.exec(text);
  return include ? { path: include[3]!.trim().replace(/^(['"])(.*)\1$/, '$2'), constraint: include[2] !== undefined } : undefined;
}

/** pip's own reading: comments go, a backslash at the end joins lines, byte order marks decide the encoding. */
function linesOf(content: Buffer): Line[] {
  const lines: Line[] = [];
  let begun: Line | undefined;
  for (const [at, raw] of decode(content).split(/\r\n|\n|\r/).entries()) {
    const comment = raw.trimStart().startsWith('#');
    // A comment ends what was continued, as in pip.
    const text = comment ? '' : raw;
    const joined = /\\$/.test(text);
    begun = { text: `${begun?.text ?? ''}${joined ? text.slice(0, -1) : text}`, line: begun?.line ?? at + 1 };
    if (joined) continue;
    const bare = begun.text.replace(/(^|\s)#.*$/, '').trim();
    if (bare !== '') lines.push({ text: bare, line: begun.line });
    begun = undefined;
  }
  if (begun && begun.text.trim() !== '') lines.push({ text: begun.text.trim(), line: begun.line });
  return lines;
}

/** PowerShell writes UTF-16 with a mark. */
export function decode(content: Buffer): string {
  if (content[0] === 0xff && content[1] === 0xfe) return content.subarray(2).toString('utf16le');
  if (content[0] === 0xfe && content[1] === 0xff) return Buffer.from(content.subarray(2, content.length - (content.length % 2))).swap16().toString('utf16le');
  return content.toString('utf8').replace(/^\uFEFF/, '');
}
