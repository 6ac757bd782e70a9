import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/** What endpoint discovery looks at, handed in so that a test can be any machine. */
export interface Surroundings {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
  /** Numeric user id; undefined on Windows. */
  uid: number | undefined;
  /** undefined when absent or unreadable. */
  readFile(path: string): Buffer | undefined;
}

export function ownSurroundings(): Surroundings {
  return {
    platform: process.platform, env: process.env, home: homedir(), uid: process.getuid?.(),
    readFile(path) {
      try {
        return readFileSync(path);
      } catch {
        return undefined;
      }
    },
  };
}
