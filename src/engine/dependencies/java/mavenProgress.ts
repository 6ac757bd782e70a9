import type { InstallStep } from '../adapter';

const DOWNLOADED = /^(?:\[INFO\] )?Downloaded from \S+: [a-z]+:\/\/[^/\s]+\/\S*?([^/\s]+)\/([^/\s]+)\/[^/\s]+\.jar\b/;

/** Counts archives as they come in. How many there will be Maven itself only knows in the end. */
export function mavenProgress(): NonNullable<InstallStep['progress']> {
  let done = 0;
  return (line) => {
    const match = DOWNLOADED.exec(line);
    if (!match) return undefined;
    done += 1;
    return { message: `${match[1]} ${match[2]}`, done };
  };
}
