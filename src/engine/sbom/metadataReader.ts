/** One thing that lies there, as find saw it; links are told, never followed. */
export interface Found {
  /** Absolute, inside the container. */
  path: string;
  type: 'file' | 'folder' | 'link' | 'other';
  size: number;
  /** Of a link, as written. */
  target: string;
}

/** Reads metadata files of a dependency set or an image. Everything it answers is untrusted. */
export interface MetadataReader {
  /** What `find ROOTS EXPRESSION` finds, sorted by path. Roots that do not exist hold nothing. */
  list(roots: readonly string[], expression: readonly string[]): Promise<Found[]>;
  /** Contents by path; what is no file, is bigger than `mostBytes` each or over the reader's budget is left out. */
  read(files: readonly Found[], mostBytes: number): Promise<Map<string, Buffer>>;
  /** sha256 by path, hex. */
  digests(files: readonly Found[]): Promise<Map<string, string>>;
  /** Sentences: what was left out, for whatever reason. */
  readonly leftOut: string[];
}
