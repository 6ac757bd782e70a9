import type { ManifestFile, Requested } from '../../adapter';
import { nameOf } from '../../manifestPaths';
import { readToml, table, text } from '../../python/toml';

const COORDINATES = /(['"])([\w.-]+):([\w.-]+)(?::([^'":@\s]+))?(?::[\w.-]+)?(?:@\w+)?\1/g;
const IN_PARTS = /\bgroup\s*[:=]\s*(['"])([\w.-]+)\1\s*,\s*name\s*[:=]\s*(['"])([\w.-]+)\3(?:\s*,\s*version\s*[:=]\s*(['"])([^'"]+)\5)?/g;
const PLUGIN = /\bid\s*\(?\s*(['"])([\w-]+(?:\.[\w-]+)+)\1\s*\)?\s*version\s*\(?\s*(['"])([^'"$]+)\3/g;

/**
 * What a build plainly asks for: its locks, its version catalogues, and the coordinates and plugins that its scripts write out. Scripts
 * are programs, so this is what can be judged before one of them runs, and where a failure is blamed; what they really ask for is
 * known when it is installed. `locked`: how many packages the locks name, if there are locks.
 */
export function gradleRequests(files: readonly ManifestFile[]): { requested: Requested[]; locked: number | undefined } {
  const locks = files.filter(({ path }) => path.endsWith('.lockfile'));
  const locked = unique(locks.flatMap(lockedIn));
  const written = files.flatMap((file) => (/\.gradle(\.kts)?$/.test(file.path) ? writtenIn(file) : file.path.endsWith('.versions.toml') ? cataloguedIn(file) : []));
  const known = new Set(locked.map(({ name }) => name));
  return { requested: [...locked, ...unique(written).filter(({ name }) => !known.has(name))], locked: locks.some(({ path }) => isMain(path)) ? locked.length : undefined };
}

function isMain(path: string): boolean {
  return nameOf(path) === 'gradle.lockfile' || path.includes('/dependency-locks/');
}

function lockedIn({ path, content }: ManifestFile): Requested[] {
  return content.toString('utf8').split(/\r?\n/).flatMap((line, at) => {
    const [, group, artifact, version] = /^([\w.-]+):([\w.-]+):([^\s:=]+)(?:=.*)?$/.exec(line) ?? [];
    return group === undefined ? [] : [{ name: `${group}:${artifact}`, version, path, line: at + 1 }];
  });
}

function writtenIn({ path, content }: ManifestFile): Requested[] {
  return withoutComments(content.toString('utf8')).split(/\r?\n/).flatMap((line, at): Requested[] => {
    const one = (name: string, version: string | undefined): Requested => ({ name, version: version?.includes('$') ? undefined : version, path, line: at + 1 });
    return [
      // Two words with a colon between them may be anything, unless the first is a domain's.
      ...[...line.matchAll(COORDINATES)].filter(([, , group, , version]) => version !== undefined || group!.includes('.')).map(([, , group, artifact, version]) => one(`${group}:${artifact}`, version)),
      ...[...line.matchAll(IN_PARTS)].map(([, , group, , artifact, , version]) => one(`${group}:${artifact}`, version)),
      ...[...line.matchAll(PLUGIN)].map(([, , id, , version]) => one(`${id}:${id}.gradle.plugin`, version)),
    ];
  });
}

function cataloguedIn(file: ManifestFile): Requested[] {
  const catalogue = readToml(file);
  const lines = file.content.toString('utf8').split(/\r?\n/);
  const versionOf = (value: unknown): string | undefined => text(value) ?? text(table(catalogue.versions)[text(table(value).ref) ?? '']);
  return [...Object.entries(table(catalogue.libraries)), ...Object.entries(table(catalogue.plugins))].flatMap(([alias, value]): Requested[] => {
    const line = lines.findIndex((one) => one.trimStart().startsWith(alias)) + 1 || undefined;
    const { module, group, name, id, version } = table(value);
    const [first = '', second, third] = text(value)?.split(':') ?? (text(id) !== undefined ? [id, undefined, undefined] as string[] : (text(module) ?? `${text(group)}:${text(name)}`).split(':'));
    const plugin = text(id) !== undefined || (text(value) !== undefined && third === undefined && table(catalogue.plugins)[alias] === value);
    const written = third ?? (plugin && text(value) !== undefined ? second : versionOf(version));
    return [{ name: plugin ? `${first}:${first}.gradle.plugin` : `${first}:${second}`, version: written, path: file.path, line }];
  });
}

/** Comments blanked, so that lines stay where they are; what stands in quotes is none. */
function withoutComments(script: string): string {
  return script.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

function unique(requested: readonly Requested[]): Requested[] {
  return [...new Map([...requested].reverse().map((one) => [`${one.name} ${one.version ?? ''}`, one])).values()].reverse();
}
