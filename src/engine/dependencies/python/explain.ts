import { INSTALL_FAILURES, type InstallFailure, type InstallStep } from '../adapter';

type Explanation = ReturnType<NonNullable<InstallStep['explain']>>;

/** What pip and install.py say when they give up, for a person. */
export function explainPip(tail: string): Explanation {
  const own = tail.split('\n').reverse().find((line) => line.startsWith('petri-explains '));
  const told = own && parse(own.slice('petri-explains '.length));
  if (told) return told;
  if (/THESE PACKAGES DO NOT MATCH THE HASHES/.test(tail)) {
    const name = /^\s{4}([A-Za-z0-9][\w.-]*)==\S+.*from /m.exec(tail)?.[1];
    return { code: 'hash-mismatch', message: `${name ?? 'A package'} is not what the lock names: its hash is another.`, action: 'If the lock is right, somebody changed the package. Do not take it over unseen.', about: names(name) };
  }
  if (/In --require-hashes mode/.test(tail)) {
    return { code: 'manifest-invalid', message: 'Some requirements have hashes and others have none, or are not pinned.', action: 'Give every one its version and hash, or none.' };
  }
  if (/ResolutionImpossible|conflicting dependencies/.test(tail)) {
    const between = /Cannot install (.+?) because these package versions have conflicting dependencies/.exec(tail)?.[1];
    const causes = [...tail.matchAll(/^ {4}(\S.* depends on .+|The user requested .+)$/gm)].map((match) => match[1]!).slice(0, 3);
    return {
      code: 'version-conflict', message: `These do not go together: ${between ?? 'the versions asked for'}.${causes.length > 0 ? ` ${causes.join('; ')}.` : ''}`,
      action: 'Loosen one of the versions in the manifest.', about: names(...between?.split(/, | and /) ?? []),
    };
  }
  const invalid = /ERROR: Invalid requirement: ['"]?(.+?)['"]?(?::| \(|$)/m.exec(tail)?.[1];
  if (invalid !== undefined) return { code: 'manifest-invalid', message: `${invalid} is no requirement.`, action: 'Mend the manifest, and run again.' };
  const missing = /No matching distribution found for ([^\s;]+)/.exec(tail)?.[1];
  if (missing !== undefined) return { code: 'package-unknown', message: `The registry has nothing that fits ${missing}.`, action: 'Check the name and the version in the manifest.', about: names(missing) };
  return undefined;
}

const ACTIONS: Partial<Record<InstallFailure, string>> = {
  'package-unknown': 'Check the name in the manifest: names that do not exist are what attackers register.',
  'version-conflict': 'Ask for a version that there is.',
  'version-yanked': 'Ask for another version.',
  'no-build-for-platform': 'Ask for another version, or name an image with another Python.',
  'hash-mismatch': 'Do not take the package over unseen.',
};

/** Of requirements. */
function names(...requirements: Array<string | undefined>): string[] {
  return requirements.flatMap((one) => /^[A-Za-z0-9][\w.-]*/.exec(one ?? '')?.[0] ?? []);
}

function parse(line: string): Explanation {
  try {
    const { code, message, action, name } = JSON.parse(line) as { code: InstallFailure; message: string; action?: string; name?: string };
    if (!INSTALL_FAILURES.includes(code)) return undefined;
    return { code, message: String(message).slice(0, 500), action: action ?? ACTIONS[code], about: name === undefined ? [] : [String(name)] };
  } catch {
    return undefined;
  }
}

/** What install.py has to say to the user about what it installs. */
export function pipRemark(line: string): string | undefined {
  return /^petri: (.+)$/.exec(line)?.[1];
}

/** Counts what pip downloads. `total`: how many there will be, where a lock says so. */
export function pipProgress(total: number | undefined): NonNullable<InstallStep['progress']> {
  let done = 0;
  let latest: string | undefined;
  return (line) => {
    const of = () => ({ done, ...(total !== undefined && total >= done && { total }) });
    const collecting = /^Collecting ([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
    if (collecting !== undefined) {
      done += 1;
      latest = collecting;
      return { message: `Downloading ${collecting}…`, ...of() };
    }
    const far = /^ {2}(\d+ of \d+ MB)$/.exec(line)?.[1];
    if (far !== undefined && latest !== undefined) return { message: `Downloading ${latest}, ${far}…`, ...of() };
    const installing = /^Installing collected packages: (.+)$/.exec(line)?.[1];
    if (installing === undefined) return undefined;
    const count = installing.split(',').length;
    return { message: `Installing ${count} ${count === 1 ? 'package' : 'packages'}…` };
  };
}

/** Which package is being built. */
export function buildProgress(line: string): { message: string } | undefined {
  const name = /^\s*Building wheel for (\S+) \(/.exec(line)?.[1] ?? /^Processing \S*\/sources\/(\S+?)-\d[^/]*$/.exec(line)?.[1];
  return name === undefined ? undefined : { message: `Building ${name}…` };
}
