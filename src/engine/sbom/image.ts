import type { LauncherReader } from './launcherReader';
import { systemPackages } from './operatingSystem';
import type { Contents } from './package';

/**
 * What `import` finds in the image without any set: the standard library's names behind `=`, the names of what the image itself has
 * installed behind `+`. Isolated, so that nothing of a project is looked at.
 */
const PYTHON_NAMES = 'import sys, pkgutil\nfor n in sys.stdlib_module_names: print("=" + n)\nfor m in pkgutil.iter_modules(): print("+" + m.name)';
const MOST_NAMES = 20_000;

/** The operating system's packages, and the modules that the image's own Python knows. */
export async function imageContents(reader: LauncherReader): Promise<Contents> {
  const { packages, incomplete } = await systemPackages(reader);
  const said = await reader.ask(['python3', '-I', '-c', PYTHON_NAMES]);
  const modules = said.split('\n').filter((name) => /^[=+][A-Za-z_]\w*$/.test(name)).slice(0, MOST_NAMES);
  return { packages, modules: [...new Set(modules)].sort(), incomplete: [...incomplete, ...reader.leftOut] };
}

/** Names that a Python program can import without a set's help. A set's virtual environment hides what the image has installed. */
export function standardModules(image: Contents, withSet: boolean): ReadonlySet<string> | undefined {
  const names = image.modules.filter((name) => !withSet || name.startsWith('=')).map((name) => name.slice(1));
  return names.length > 0 ? new Set(names) : undefined;
}
