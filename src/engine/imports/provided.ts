import { builtinModules } from 'node:module';
import type { Language } from '../../protocol/sandbox';
import type { ImportStatement } from './importStatement';
import { nodePackageOf } from './knownPackages';

/** What a program can import without anything being added. */
export interface Provided {
  /** Of the dependency set: see Contents.modules. */
  modules: ReadonlySet<string>;
  /** Of the language's own library, and of what the image brings besides. Absent where nobody could say: then nothing is missing. */
  standard: ReadonlySet<string> | undefined;
  /** The project's own names: modules and packages of Python, names in package.json, module paths of go.mod and what it requires. */
  own: ReadonlySet<string>;
}

const NODE_BUILTINS: ReadonlySet<string> = new Set(builtinModules);
/** What a package of the registry can be called at all; `@/x` and `~/x` are aliases of a bundler's. */
const NODE_NAME = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i;

/** Nothing that is there serves this import. What cannot be a package's name never is missing. */
export function isMissing(language: Language, { name }: Pick<ImportStatement, 'name'>, provided: Provided): boolean {
  switch (language) {
    case 'python': return provided.standard !== undefined && !pythonHas(name, provided, provided.standard);
    case 'node': return !nodeHas(name, provided);
    case 'go': return !goHas(name, provided);
    case 'java': return false; // a package says nothing of the file it comes from; javac tells
  }
}

function pythonHas(name: string, { modules, own }: Provided, standard: ReadonlySet<string>): boolean {
  const top = name.split('.', 1)[0]!;
  if (!/^[A-Za-z_]\w*$/.test(top) || standard.has(top) || own.has(top)) return true;
  for (let prefix = name; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) if (modules.has(prefix)) return true;
  // `import google` where only google.cloud.storage is there: a namespace.
  for (const module of modules) if (module.startsWith(`${name}.`)) return true;
  return false;
}

function nodeHas(name: string, { modules, own }: Provided): boolean {
  if (/^(?:[./#]|[a-z][a-z0-9+]*:)/i.test(name)) return true;
  const wanted = nodePackageOf(name);
  return !NODE_NAME.test(wanted) || NODE_BUILTINS.has(name) || NODE_BUILTINS.has(wanted) || modules.has(wanted)
    || own.has(wanted);
}

function goHas(path: string, { modules, own }: Provided): boolean {
  // Without a dot in front it is the standard library's, or a module of the project's own that is called so.
  if (!path.split('/', 1)[0]!.includes('.')) return true;
  for (let prefix = path; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))) if (modules.has(prefix) || own.has(prefix)) return true;
  return false;
}
