import * as z from 'zod';
import { LANGUAGES } from './sandbox';

/** An import that nothing installed can serve. Found in the file, or said by the run itself: then it is a hint, no more. */
export const MissingImport = z.object({
  language: z.enum(LANGUAGES),
  /** As the program names it: `cv2`, `@scope/name`, `github.com/a/b/c`, `org.example`. */
  import: z.string(),
  /** The package to add, where it is known for sure; null where only a guess could be made, since guessed names are registered by attackers. */
  package: z.string().nullable(),
  /** File of the workspace, and where in it, 1-based; null where only the run's output told. */
  path: z.string().nullable(), line: z.int().nullable(), column: z.int().nullable(),
});
export type MissingImport = z.infer<typeof MissingImport>;

/** GET /v1/sandboxes/{id}/missing. */
export const MissingImports = z.object({ missing: z.array(MissingImport) });

/** POST /v1/sandboxes/{id}/dependencies/add. Nothing is written by this call. */
export const AddDependency = z.object({
  /** As the manifest's language names it, with a version or without: `requests`, `express@^4`, `com.google.guava:guava:33.0.0-jre`. */
  package: z.string().min(1).max(300),
  /** Which manifest; the one that is installed from when absent, a new one where there is none. */
  manifest: z.string().min(1).max(4096).optional(),
}).strict();
export type AddDependency = z.infer<typeof AddDependency>;

const Position = z.object({ line: z.int(), character: z.int() });
/** What to change in a manifest so that it names one package more. */
export const ManifestEdit = z.object({
  path: z.string(),
  package: z.string(),
  /** sha256 of the file that the edit is for, hex; null where there is none yet. */
  before: z.string().nullable(),
  /** 0-based, characters in UTF-16, as editors count. `text` takes the place of what lies between. */
  edit: z.object({ start: Position, end: Position, text: z.string() }),
  /** The whole file afterwards. */
  after: z.string(),
});
export type ManifestEdit = z.infer<typeof ManifestEdit>;
