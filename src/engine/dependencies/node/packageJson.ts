import { PetriError } from '../../errors';
import type { ManifestFile, Requested } from '../adapter';

export type Json = Record<string, unknown>;

/** What of a package.json counts here; what is something else than it should be reads as absent. */
export interface PackageJson {
  all: Json;
  name: string | undefined;
  workspaces: string[];
  requested: Requested[];
}

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** Throws manifest-invalid with file and line. */
export function readPackageJson(file: ManifestFile): PackageJson {
  const all = readJson(file);
  const { workspaces } = all;
  const globs = Array.isArray(workspaces) ? workspaces : record(workspaces).packages;
  return {
    all, name: typeof all.name === 'string' ? all.name : undefined,
    workspaces: Array.isArray(globs) ? globs.filter((glob): glob is string => typeof glob === 'string') : [],
    requested: KINDS.flatMap((kind) => Object.entries(record(all[kind])).map(([name, wish]) => ask(file, name, String(wish)))),
  };
}

export function readJson(file: ManifestFile): Json {
  const text = file.content.toString('utf8').replace(/^\uFEFF/, '');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
    throw new SyntaxError('it is no object');
  } catch (error) {
    const message = (error as Error).message;
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? NaN);
    const line = Number.isNaN(at) ? 1 : text.slice(0, at).split('\n').length;
    throw new PetriError('manifest-invalid', `${file.path}:${line}: ${message.replace(/ in JSON at position.*$/, '')}.`, {
      action: 'Mend the file, and run again.', details: [`${file.path}:${line}`], cause: error,
    });
  }
}

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {};
}

function ask(file: ManifestFile, name: string, wish: string): Requested {
  const at = file.content.toString('utf8').split('\n').findIndex((line) => line.includes(JSON.stringify(name)));
  const source = sourceOf(wish);
  return { name, ...(wish !== '' && wish !== '*' && { version: wish }), path: file.path, ...(at >= 0 && { line: at + 1 }), ...(source && { source }) };
}

/** A wish that is no version of the registry's. */
export function sourceOf(wish: string): Requested['source'] {
  if (/^(git[+:@]|github:|gitlab:|bitbucket:|gist:|ssh:)/.test(wish) || /^[\w.-]+\/[\w.-]+(#.*)?$/.test(wish) || /\.git(#.*)?$/.test(wish)) return { kind: 'git', address: wish };
  if (/^https?:/.test(wish)) return { kind: 'url', address: wish };
  if (/^(file:|link:|portal:|[./~])/.test(wish)) return { kind: 'path', address: wish.replace(/^(file|link|portal):/, '') };
  return undefined;
}
