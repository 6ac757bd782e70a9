import { parseGoMod } from '../../sbom/goModFile';
import { lineEnd, noPackage, type ManifestEditor } from './edit';

const MODULE = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[\w.~-]+)*)(?:@(v[\w.+-]+|latest))?$/i;

/** A version has to stand there; `latest` is what Go itself replaces by the newest when it may. */
export const goMod: ManifestEditor = {
  parse(wanted) {
    const match = MODULE.exec(wanted.trim());
    if (!match) throw noPackage(wanted, 'github.com/spf13/cobra or github.com/spf13/cobra@v1.8.0');
    return { name: match[1]!, version: match[2] ?? 'latest' };
  },
  add(text, { name, version }) {
    if (parseGoMod(text).require.some(({ path }) => path === name)) return 'already';
    const end = lineEnd(text);
    // The first block is that of the direct ones.
    const block = /^require\s*\([^)]*?^\)/m.exec(text);
    if (block) {
      const at = block.index + block[0].length - 1;
      return { from: at, to: at, text: `\t${name} ${version}${end}` };
    }
    const before = text === '' || text.endsWith('\n') ? '' : end;
    return { from: text.length, to: text.length, text: `${before}${end}require ${name} ${version}${end}` };
  },
  create: ({ name, version }, folder) => `module ${folder.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'sandbox'}\n\ngo 1.21\n\nrequire ${name} ${version}\n`,
};
