import type { Package } from './package';

/** All that a run could use, as the two documents are written from it. */
export interface Inventory {
  /** What tells this inventory from every other: the set's key, or '' for a sandbox without dependencies. */
  setKey: string;
  /** sha256:… of the image. */
  imageId: string;
  /** Packages of the dependency set. */
  packages: Package[];
  /** Packages of the image's operating system. */
  system: Package[];
  /** Sentences: what could not be read. */
  incomplete: string[];
}

/** What nothing else asks for: what the project itself needs, as far as it can be told from what is there. */
export function topLevel(packages: readonly Package[], purl: (one: Package) => string): string[] {
  const needed = new Set(packages.flatMap((one) => one.dependsOn));
  const top = packages.map(purl).filter((one) => !needed.has(one));
  // A ring that nothing leads into must still hang somewhere.
  return top.length > 0 ? top : packages.map(purl);
}
