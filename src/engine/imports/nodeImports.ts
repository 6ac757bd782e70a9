import { parser } from '@lezer/javascript';
import type { SyntaxNode } from '@lezer/common';
import { Lines, MOST_IMPORTS, type ImportStatement } from './importStatement';

const DIALECTS: Readonly<Record<string, string>> = { ts: 'ts', mts: 'ts', cts: 'ts', tsx: 'ts jsx' };

/** What a JavaScript or TypeScript file imports or requires by a literal name. What exists for types alone is optional. */
export function nodeImports(text: string, path: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  const lines = new Lines(text);
  const add = (literal: SyntaxNode | null, optional: boolean) => {
    const match = literal && /^(['"`])(.*)\1$/s.exec(text.slice(literal.from, literal.to));
    if (match && found.length < MOST_IMPORTS && !match[2]!.includes('\\')) found.push({ name: match[2]!, ...lines.at(literal.from + 1), optional });
  };
  const dialect = DIALECTS[path.slice(path.lastIndexOf('.') + 1)] ?? 'jsx';
  parser.configure({ dialect }).parse(text).iterate({
    enter({ name, node }) {
      if (name === 'ImportDeclaration' || name === 'ExportDeclaration') add(node.getChild('String'), node.getChild('type') !== null);
      else if (name === 'DynamicImport') add(node.getChild('String'), isTried(node));
      else if (name === 'CallExpression' && node.firstChild?.name === 'VariableName' && text.slice(node.firstChild.from, node.firstChild.to) === 'require') {
        add(node.getChild('ArgList')?.getChild('String') ?? null, isTried(node));
      }
    },
  });
  return found;
}

function isTried(call: SyntaxNode): boolean {
  for (let node: SyntaxNode | null = call; node?.parent; node = node.parent) {
    if (node.name === 'Block' && node.parent.name === 'TryStatement' && node.parent.getChild('CatchClause')) return true;
  }
  return false;
}
