import { parser } from '@lezer/python';
import type { SyntaxNode } from '@lezer/common';
import { Lines, MOST_IMPORTS, type ImportStatement } from './importStatement';

const CATCHES = /^except\s*(?:$|[:*]|.*\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b)/;

/**
 * What a Python file imports, by its syntax tree; nothing is executed. Relative imports are left out: they are the package's own.
 * Of `from a import b` the name is `a`: whether b is a module or a value only Python could say.
 */
export function pythonImports(text: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  const lines = new Lines(text);
  const tree = parser.parse(text);
  tree.iterate({
    enter({ name, node }) {
      if (name !== 'ImportStatement' || found.length >= MOST_IMPORTS) return;
      for (const { from, to } of moduleNames(node)) {
        found.push({ name: text.slice(from, to).replace(/\s+/g, ''), ...lines.at(from), optional: isOptional(node, text) });
      }
      return false;
    },
  });
  return found;
}

/** Places of the dotted names behind `import`, or of the one behind `from`. */
function moduleNames(statement: SyntaxNode): Array<{ from: number; to: number }> {
  const names: Array<{ from: number; to: number }> = [];
  let current: { from: number; to: number } | undefined;
  const from = statement.firstChild?.name === 'from';
  let skip = false;
  for (let node = statement.firstChild?.nextSibling ?? null; node; node = node.nextSibling) {
    if (node.name === 'import') break; // only of `from … import`
    if (node.name === '.' || node.name === '...') {
      if (!current && from) return [];
    } else if (node.name === ',') {
      current = undefined;
      skip = false;
    } else if (node.name === 'as') skip = true;
    else if (node.name === 'VariableName' && !skip) {
      if (current) current.to = node.to;
      else names.push(current = { from: node.from, to: node.to });
    }
  }
  return names;
}

/** In a try that catches its failure, or below `if TYPE_CHECKING`. */
function isOptional(statement: SyntaxNode, text: string): boolean {
  for (let node: SyntaxNode = statement; node.parent; node = node.parent) {
    const { parent } = node;
    if (node.name !== 'Body') continue;
    if (parent.name === 'TryStatement' && catches(parent, node, text)) return true;
    if (parent.name === 'IfStatement' && /\bTYPE_CHECKING\b/.test(condition(node, text))) return true;
  }
  return false;
}

/** What stands between this branch's `if`, `elif` or `else` and its body. */
function condition(body: SyntaxNode, text: string): string {
  let node: SyntaxNode = body;
  while (node.prevSibling && !/^(if|elif|else)$/.test(node.name)) node = node.prevSibling;
  return text.slice(node.from, body.from);
}

/** The handlers guard the tried body; an import in a handler itself is what the program falls back to, and may fail as well. */
function catches(statement: SyntaxNode, body: SyntaxNode, text: string): boolean {
  const handlers = statement.getChildren('except').map((keyword) => {
    const end = keyword.nextSibling?.name === 'Body' ? keyword.to : keyword.nextSibling?.to ?? keyword.to;
    return { from: keyword.from, text: text.slice(keyword.from, end) };
  });
  if (handlers.length === 0) return false;
  return handlers[0]!.from < body.from || handlers.some((handler) => CATCHES.test(handler.text));
}
