import { parser } from '@lezer/go';
import { Lines, MOST_IMPORTS, type ImportStatement } from './importStatement';

/** What a Go file imports. */
export function goImports(text: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  const lines = new Lines(text);
  parser.parse(text).iterate({
    enter({ name, node }) {
      if (name === 'ImportSpec' && found.length < MOST_IMPORTS) {
        const literal = node.getChild('String');
        const path = literal && text.slice(literal.from + 1, literal.to - 1);
        if (path) found.push({ name: path, ...lines.at(literal.from + 1), optional: false });
      }
      // Imports stand in front of everything else.
      return name === 'SourceFile' || name === 'ImportDecl' || name === 'SpecList';
    },
  });
  return found;
}
