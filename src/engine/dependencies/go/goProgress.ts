import type { InstallStep } from '../adapter';

/** `go mod download -x` says every request, a module's source last; `go get` and `go mod tidy` name what they fetch. */
const REQUEST = /^# get \S+?:\/\/[^/\s]+\/(\S+)\/@v\/(\S+)\.zip: 200 OK/;
const NAMED = /^go: downloading (\S+) (\S+)/;

const TOOLCHAIN = /^go: downloading go(\d\S*) \(/;

/** Counts modules as they come in. `total`: how many are expected; undefined when nobody can say. */
export function goProgress(total: number | undefined): NonNullable<InstallStep['progress']> {
  const seen = new Set<string>();
  return (line) => {
    const toolchain = TOOLCHAIN.exec(line)?.[1];
    if (toolchain !== undefined) return { message: `Go ${toolchain}` };
    const match = REQUEST.exec(line) ?? NAMED.exec(line);
    if (!match) return undefined;
    const module = match[1]!.replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
    seen.add(`${module} ${match[2]}`);
    return { message: `${module} ${match[2]}`, done: seen.size, ...(total !== undefined && { total: Math.max(total, seen.size) }) };
  };
}
