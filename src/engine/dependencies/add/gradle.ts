import { indentOf, lineEnd, notUnderstood, type ManifestEditor } from './edit';
import { pomXml } from './pomXml';

/** The `dependencies { … }` block at the top of a build script, in Groovy or Kotlin. */
export function gradle(kotlin: boolean): ManifestEditor {
  const line = (name: string, version: string) => {
    const address = `${name}:${version || '+'}`;
    return kotlin ? `implementation("${address}")` : `implementation '${address}'`;
  };
  return {
    parse: pomXml.parse,
    add(text, { name, version }, path) {
      if (text.split(/\r?\n/).some((one) => !/^\s*\/\//.test(one) && (one.includes(`'${name}:`) || one.includes(`"${name}:`)))) return 'already';
      const block = topBlock(text, path);
      const end = lineEnd(text);
      const unit = /^([ \t]+)\S/m.exec(text)?.[1] ?? '    ';
      if (!block) {
        const before = text === '' || text.endsWith('\n') ? '' : end;
        return { from: text.length, to: text.length, text: `${before}${end}dependencies {${end}${unit}${line(name, version)}${end}}${end}` };
      }
      const onOwnLine = text.slice(0, block.close).endsWith(`\n${indentOf(text, block.close)}`);
      const at = onOwnLine ? block.close - indentOf(text, block.close).length : block.close;
      return { from: at, to: at, text: `${onOwnLine ? '' : end}${unit}${line(name, version)}${end}` };
    },
    create: ({ name, version }) => `plugins {\n    java\n}\n\nrepositories {\n    mavenCentral()\n}\n\ndependencies {\n    ${line(name, version)}\n}\n`,
  };
}

/** Braces are counted outside of strings and comments. */
function topBlock(text: string, path: string): { open: number; close: number } | undefined {
  const token = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bdependencies\s*\{|[{}]/g;
  let depth = 0;
  let open: number | undefined;
  for (const match of text.matchAll(token)) {
    const [word] = match;
    if (word.startsWith('dependencies')) {
      if (depth === 0 && open === undefined) open = match.index + word.length;
      depth += 1;
    } else if (word === '{') depth += 1;
    else if (word === '}') {
      depth -= 1;
      if (depth === 0 && open !== undefined) return { open, close: match.index };
    }
  }
  if (depth !== 0 || open !== undefined) throw notUnderstood(path, 'its braces do not match');
  return undefined;
}
