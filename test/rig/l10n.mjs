// node test/rig/l10n.mjs: writes media/l10n/bundle.l10n.json, the strings that a translator translates, from the extension's sources.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { ROOT } from './places.mjs';

const BUNDLE = join(ROOT, 'media', 'l10n', 'bundle.l10n.json');

/** Every text given to l10n.t, as the bundle holds it. Throws for one that is not written out: nobody could translate it. */
export function strings() {
  const found = new Set();
  for (const file of globSync('src/extension/**/*.ts', { cwd: ROOT })) {
    const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node) => {
      if (ts.isCallExpression(node) && node.expression.getText(source) === 'l10n.t') {
        const [text] = node.arguments;
        if (!ts.isStringLiteralLike(text)) throw new Error(`${file}: ${node.getText(source)} is not written out`);
        found.add(text.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return Object.fromEntries([...found].sort().map((text) => [text, text]));
}

/** The bundle as it is, and as it should be. */
export function bundle() {
  return { is: readFileSync(BUNDLE, 'utf8'), should: `${JSON.stringify(strings(), null, 2)}\n` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(BUNDLE, bundle().should);
