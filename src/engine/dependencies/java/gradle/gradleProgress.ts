import type { InstallStep } from '../../adapter';

type Progress = NonNullable<InstallStep['progress']>;

/** Megabytes as `Fetch.java` counts them. */
export function fetchProgress(version: string): Progress {
  return (line) => {
    const [, done, total] = /^petri-fetched (\d+) (\d+)$/.exec(line) ?? [];
    return done === undefined ? undefined : { message: `Gradle ${version}: ${done} of ${total} MB` };
  };
}

/** Counts packages as `resolve.gradle` tells them. How many there will be nobody knows before. */
export function resolveProgress(): Progress {
  let done = 0;
  return (line) => {
    const [, name, version] = /^Resolved ([\w.-]+:[\w.-]+) (\S+)$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    done += 1;
    return { message: `${name.split(':')[1]} ${version}`, done };
  };
}
