import type { Language } from '../../protocol/sandbox';
import { packageOf } from '../dependencies/python/curated';
import { goModuleOf } from './known/go';
import { javaArtifactOf } from './known/java';
import { NODE_PACKAGES } from './known/node';

/** The package to add for an import; null unless a person has vouched for it, however plausible a guess would be. */
export function knownPackage(language: Language, name: string): string | null {
  switch (language) {
    case 'python': return packageOf(name)?.name ?? null;
    case 'node': return NODE_PACKAGES.has(nodePackageOf(name)) ? nodePackageOf(name) : null;
    case 'go': return goModuleOf(name) ?? null;
    case 'java': return javaArtifactOf(name) ?? null;
  }
}

/** `@scope/name/file` and `name/file` without the file. */
export function nodePackageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}
