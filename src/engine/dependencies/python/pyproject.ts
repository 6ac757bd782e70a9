import type { ManifestFile, Requested } from '../adapter';
import { refused } from '../refused';
import { normalName } from './normalName';
import { sourceOf } from './requirements';
import { lineOf, readToml, table, tables, text, texts, type Table } from './toml';
import { resolveInside } from '../manifestPaths';

/** What a pyproject.toml says about dependencies. */
export interface PyProject {
  table: Table;
  lines: string[]; requested: Requested[];
  /** Folders of the workspace, installed as they lie. */
  local: string[];
  /** It declares a package: its code can be installed, and its dependencies may be told by building it only. */
  build: { requires: string[]; dynamic: boolean } | undefined;
  /** It says something about dependencies at all. */
  declares: boolean;
}

/** The dependency groups that are installed where nobody says otherwise: dev, unless the project tells uv which. */
export function defaultGroups(pyproject: Table): string[] {
  const named = table(table(pyproject.tool).uv)['default-groups'];
  if (named === 'all') return Object.keys(table(pyproject['dependency-groups']));
  return Array.isArray(named) ? texts(named) : ['dev'];
}

/** `groups` name dependency groups and extras. Throws manifest-invalid and source-refused. */
export function readPyProject(file: ManifestFile, root: string, groups: readonly string[]): PyProject {
  const all = readToml(file);
  const project = table(all.project);
  const poetry = table(table(all.tool).poetry);
  const found: PyProject = { table: all, lines: [], requested: [], local: [], build: undefined, declares: false };
  const sources = table(table(table(all.tool).uv).sources);
  const wanted = [...defaultGroups(all), ...groups];
  const lists = [
    texts(project.dependencies),
    ...groups.map((extra) => texts(table(project['optional-dependencies'])[extra])),
    ...wanted.map((group) => groupLines(table(all['dependency-groups']), group, new Set())),
  ];
  for (const line of lists.flat()) take(found, file, root, line, sources);
  const poetryLists = [table(poetry.dependencies), table(poetry['dev-dependencies']), ...Object.entries(table(poetry.group))
    .filter(([name, group]) => wanted.includes(name) || table(group).optional !== true).map(([, group]) => table(table(group).dependencies))];
  for (const list of poetryLists) for (const [name, wish] of Object.entries(list)) takePoetry(found, file, root, name, wish);
  const dynamic = texts(project.dynamic).some((name) => name === 'dependencies' || name === 'optional-dependencies');
  found.declares = dynamic || Object.keys(project).length > 0 || Object.keys(poetry).length > 0 || all['dependency-groups'] !== undefined;
  const isPackage = all['build-system'] !== undefined && table(table(all.tool).uv).package !== false && poetry['package-mode'] !== false;
  if (isPackage && (text(project.name) ?? text(poetry.name)) !== undefined) {
    const requires = texts(table(all['build-system']).requires);
    found.build = { requires: requires.length > 0 ? requires : ['setuptools', 'wheel'], dynamic };
  }
  return found;
}

/** PEP 735: a group may include another. */
function groupLines(all: Table, name: string, seen: Set<string>): string[] {
  const key = normalName(name);
  const group = Object.entries(all).find(([other]) => normalName(other) === key)?.[1];
  if (!Array.isArray(group) || seen.has(key)) return [];
  seen.add(key);
  return [...texts(group), ...tables(group).flatMap((one) => (text(one['include-group']) === undefined ? [] : groupLines(all, text(one['include-group'])!, seen)))];
}

function take(found: PyProject, file: ManifestFile, root: string, line: string, sources: Table): void {
  const name = /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(line.trim())?.[0] ?? line;
  const place = { path: file.path, line: lineOf(file, line) };
  const elsewhere = table(sources[name]);
  const direct = /^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@\s*([^;]+)/.exec(line)?.[1]?.trim() ?? text(elsewhere.git) ?? text(elsewhere.url) ?? text(elsewhere.path);
  if (direct !== undefined) {
    const source = elsewhere.git !== undefined ? { kind: 'git' as const, address: direct } : sourceOf(direct) ?? { kind: 'path' as const, address: direct };
    const inside = source.kind === 'path' ? resolveInside(root, source.address) : undefined;
    if (inside === undefined) throw refused({ name, ...place, source }, source.kind === 'path' ? 'it lies outside the workspace' : 'only packages of the registry are installed');
    found.local.push(inside);
    found.requested.push({ name, ...place, source });
    return;
  }
  const version = line.slice(line.indexOf(name) + name.length).replace(/^\s*\[[^\]]*\]/, '').split(';')[0]!.trim().replace(/^\((.*)\)$/, '$1');
  found.requested.push({ name, ...(version !== '' && { version }), ...place });
  found.lines.push(line);
}

function takePoetry(found: PyProject, file: ManifestFile, root: string, name: string, wish: unknown): void {
  if (name === 'python') return;
  const wishes = Array.isArray(wish) ? tables(wish) : [typeof wish === 'string' ? { version: wish } : table(wish)];
  const place = { path: file.path, line: lineOf(file, name) };
  for (const one of wishes) {
    if (one.optional === true) continue;
    const kind = one.git !== undefined ? 'git' : one.url !== undefined ? 'url' : one.path !== undefined ? 'path' : undefined;
    if (kind) {
      const address = text(one[kind]) ?? '';
      const inside = kind === 'path' ? resolveInside(root, address) : undefined;
      if (inside === undefined) throw refused({ name, ...place, source: { kind, address } }, kind === 'path' ? 'it lies outside the workspace' : 'only packages of the registry are installed');
      found.local.push(inside);
      continue;
    }
    const version = poetryRange(text(one.version) ?? '*');
    const extras = texts(one.extras);
    const markers = [text(one.markers), text(one.python) === undefined ? undefined : pythonMarker(text(one.python)!)].filter((marker) => marker !== undefined && marker !== '');
    found.requested.push({ name, ...(version !== '' && { version }), ...place });
    found.lines.push(`${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${version}${markers.length > 0 ? ` ; ${markers.map((marker) => `(${marker})`).join(' and ')}` : ''}`);
  }
}

/** Poetry's carets and tildes in the words of PEP 440. */
export function poetryRange(range: string): string {
  return range.split(',').map((part) => one(part.trim())).filter((part) => part !== '').join(',');

  function one(part: string): string {
    if (part === '' || part === '*') return '';
    const caret = /^([~^])\s*(\d+(?:\.\d+)*)(.*)$/.exec(part);
    if (caret) return `>=${caret[2]}${caret[3]},<${above(caret[2]!.split('.').map(Number), caret[1]!)}`;
    if (/^\d/.test(part)) return `==${part}`;
    return part.replace(/^=\s*(?=\d)/, '==').replace(/\s+/g, '');
  }
}

function above(numbers: number[], sign: string): string {
  const first = numbers.findIndex((number) => number > 0);
  // ~1 allows 1.x, ~1.2 and ~1.2.3 allow 1.2.x; ^ allows what does not change the leftmost number that is not 0.
  const at = sign === '~' ? Math.min(1, numbers.length - 1) : first < 0 ? numbers.length - 1 : first;
  return numbers.slice(0, at + 1).map((number, index) => (index === at ? number + 1 : number)).join('.');
}

function pythonMarker(range: string): string {
  return poetryRange(range).split(',').filter(Boolean).map((part) => {
    const [, sign = '==', version = ''] = /^([<>=!~]+)(.*)$/.exec(part) ?? [];
    return `python_version ${sign} "${version}"`;
  }).join(' and ');
}
