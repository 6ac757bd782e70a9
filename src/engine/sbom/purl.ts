import { PackageURL } from 'packageurl-js';
import type { Package } from './package';

/** The package URL, which also is the package's one name in a document. */
export function purlOf({ type, namespace, name, version, qualifiers }: Pick<Package, 'type' | 'namespace' | 'name' | 'version' | 'qualifiers'>): string {
  try {
    return new PackageURL(type, namespace ?? undefined, name || 'unknown', version || undefined, qualifiers, undefined).toString();
  } catch {
    // A name that a package URL cannot hold: what can be said of it stays exact, in the type that promises nothing.
    return new PackageURL('generic', undefined, `${type}:${namespace ? `${namespace}/` : ''}${name || 'unknown'}`, version || undefined, undefined, undefined).toString();
  }
}
