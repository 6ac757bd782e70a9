import { parseTOML, type AST } from 'toml-eslint-parser';
import { indentOf, lineEnd, notUnderstood, type ManifestEditor, type TextEdit, type WantedPackage } from './edit';
import { asksFor, parseRequirement, requirementText } from './requirement';

type Table = AST.TOMLTopLevelTable | AST.TOMLTable;

/** `[project]` `dependencies` (PEP 621), or Poetry's own table where there is no other. Comments and layout stay as they are. */
export const pyprojectToml: ManifestEditor = {
  parse: parseRequirement,
  add(text, wanted, path) {
    const tables = parsed(text, path);
    const project = tables.find((table) => keyOf(table) === 'project');
    const list = project && valueOf(project, 'dependencies');
    if (list) {
      if (list.type !== 'TOMLArray') throw notUnderstood(path, 'its dependencies are no list');
      return intoArray(text, list, wanted);
    }
    const poetry = tables.find((table) => keyOf(table) === 'tool.poetry.dependencies');
    if (poetry) return intoPoetry(text, poetry, wanted);
    if (!project) throw notUnderstood(path, 'it has no [project] table');
    if (dynamic(project)) throw notUnderstood(path, 'its dependencies are declared as dynamic');
    const end = lineEnd(text);
    const at = endOf(text, project);
    return { from: at, to: at, text: `${text[at - 1] === '\n' || at === 0 ? '' : end}dependencies = [${end}    ${quoted(requirementText(wanted))},${end}]${end}` };
  },
  create: (wanted, folder) => `[project]\nname = ${quoted(folder)}\nversion = "0.1.0"\ndependencies = [\n    ${quoted(requirementText(wanted))},\n]\n`,
};

function parsed(text: string, path: string): Table[] {
  try {
    const [top] = parseTOML(text).body;
    return top.body.filter((node): node is AST.TOMLTable => node.type === 'TOMLTable');
  } catch (error) {
    throw notUnderstood(path, error instanceof Error ? error.message : String(error));
  }
}

function keyOf(table: Table): string {
  return table.type === 'TOMLTable' ? table.resolvedKey.join('.') : '';
}

function valueOf(table: Table, name: string): AST.TOMLContentNode | undefined {
  for (const node of table.body) {
    if (node.type === 'TOMLKeyValue' && node.key.keys.map(nameOf).join('.') === name) return node.value;
  }
  return undefined;
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function dynamic(project: Table): boolean {
  const value = valueOf(project, 'dynamic');
  return value?.type === 'TOMLArray' && value.elements.some((element) => element.type === 'TOMLValue' && element.value === 'dependencies');
}

function intoArray(text: string, list: AST.TOMLArray, wanted: WantedPackage): TextEdit | 'already' {
  const strings = list.elements.filter((element) => element.type === 'TOMLValue');
  if (strings.some((element) => typeof element.value === 'string' && asksFor(element.value, wanted))) return 'already';
  const last = list.elements.at(-1);
  const item = quoted(requirementText(wanted));
  const close = list.range[1] - 1;
  if (!last) return { from: list.range[0], to: list.range[1], text: `[${item}]` };
  const rest = text.slice(last.range[1], close);
  if (!text.slice(list.range[0], close).includes('\n')) return { from: last.range[1], to: last.range[1], text: `, ${item}` };
  const end = lineEnd(text);
  // Behind the last item and its comma; a comment on its line stays its own.
  const comma = /^\s*,/.exec(rest)?.[0] ?? '';
  const line = text.indexOf('\n', last.range[1] + comma.length);
  const at = text.slice(0, line).endsWith('\r') ? line - 1 : line;
  const put = `${end}${indentOf(text, last.range[0])}${item},`;
  if (comma !== '') return { from: at, to: at, text: put };
  return { from: last.range[1], to: at, text: `,${text.slice(last.range[1], at)}${put}` };
}

function intoPoetry(text: string, table: Table, wanted: WantedPackage): TextEdit | 'already' {
  if (table.body.some((node) => node.type === 'TOMLKeyValue' && asksFor(node.key.keys.map(nameOf).join('.'), wanted))) return 'already';
  const end = lineEnd(text);
  const at = endOf(text, table);
  const extras = wanted.extras ? wanted.extras.slice(1, -1).split(',').map((extra) => quoted(extra.trim())).join(', ') : '';
  const version = quoted(wanted.version || '*');
  const value = extras ? `{ version = ${version}, extras = [${extras}] }` : version;
  return { from: at, to: at, text: `${text[at - 1] === '\n' || at === 0 ? '' : end}${/^[A-Za-z0-9_-]+$/.test(wanted.name) ? wanted.name : quoted(wanted.name)} = ${value}${end}` };
}

/** Behind the line on which the last entry of a table ends. */
function endOf(text: string, table: Table): number {
  const last = table.body.at(-1);
  const line = text.indexOf('\n', last ? last.range[1] : table.range[1] - (last ? 0 : 1));
  return line < 0 ? text.length : line + 1;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
