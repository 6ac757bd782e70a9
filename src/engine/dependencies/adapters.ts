import type { Language } from '../../protocol/sandbox';
import type { DependencyAdapter } from './adapter';
import { goAdapter } from './go/goAdapter';
import { javaAdapter } from './java/javaAdapter';
import { node } from './node/node';
import { python } from './python/python';

const ADAPTERS: Record<Language, DependencyAdapter> = { python, node, go: goAdapter, java: javaAdapter };

/** How a language's dependencies are found and installed; undefined for one that brings none. */
export function adapterFor(language: string): DependencyAdapter | undefined {
  return ADAPTERS[language as Language];
}
