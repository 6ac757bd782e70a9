import type { Contents } from '../sbom/package';

/** What was found installed, kept beside the logs: by dependency set (`dep_…`) and by image (`image_…`). Outlives the set's volume. */
export interface Inventories {
  /** undefined when it was never written, or cannot be read any more. */
  read(id: string): Contents | undefined;
  /** Whole or not at all. Rejects disk-full. */
  write(id: string, contents: Contents): Promise<void>;
  /** Absent is success. */
  remove(id: string): Promise<void>;
}
