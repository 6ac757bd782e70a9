/** What licence a package has, as it says itself or as its licence file reads. */
export type Licence =
  /** One of SPDX's identifiers. */
  | { id: string; concluded?: boolean }
  /** A valid SPDX expression of more than one identifier. */
  | { expression: string; concluded?: boolean }
  /** Words that are no SPDX identifier. */
  | { name: string; concluded?: boolean };

export const HASHES = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'MD5'] as const;
export interface Hash { algorithm: (typeof HASHES)[number]; /** Lower-case hex. */ content: string }

/** Kinds of package, in the words of package URLs. */
export type PackageType = 'pypi' | 'npm' | 'golang' | 'maven' | 'deb' | 'apk';

/** Something installed. All text is the package's own: an attacker's, cleaned and cut. */
export interface Package {
  type: PackageType;
  /** npm scope, Maven group, Go module path up to its last part, distribution. */
  namespace?: string;
  name: string;
  version: string;
  qualifiers?: Record<string, string>;
  /** Empty: unknown. */
  licences: Licence[];
  hashes: Hash[];
  /** Package URLs of what it needs and what is there. */
  dependsOn: string[];
  /** Where it lies, or is unpacked, below the set; '' when it has no place of its own. */
  location: string;
  /** Present, but nothing of the project's build needs it. */
  optional?: boolean;
  /** What is odd about it, for people: the gateway never saw it, its metadata cannot be read, … */
  warnings: string[];
  /** Digest of the artefact as it lies in the set, where artefacts are kept. */
  artefact?: { sha256: string };
}

/** What one dependency set or one image holds. */
export interface Contents {
  packages: Package[];
  /** Names that can be imported, where the language has a list of them: `numpy`, `google.cloud.storage`. */
  modules: string[];
  /** Sentences: what of it could not be read. */
  incomplete: string[];
}
