import type { InstallStep } from '../adapter';
import { folderOf, inFolder, nameOf } from '../manifestPaths';
import { record } from './packageJson';

type Explanation = ReturnType<NonNullable<InstallStep['explain']>>;

/** What npm and its kin say when they give up, for a person. `lock`: the one that is installed from, if any. */
export function explainNode(lock: string | undefined): NonNullable<InstallStep['explain']> {
  return (tail) => (lock === undefined ? undefined : explainOutdated(tail, lock)) ?? explainNpm(tail);
}

/** A lock that does not have what package.json asks for. */
function explainOutdated(tail: string, lock: string): Explanation {
  const [, missing, locked, wanted] = /Missing: (\S+) from lock file|lock file's (\S+) does not satisfy (\S+)/.exec(tail) ?? [];
  const specs = /specifiers in the lockfile \((\{.*\})\) don't match specs in package\.json \((\{.*\})\)/.exec(tail);
  const known = missing !== undefined || locked !== undefined;
  if (!known && !/ERR_PNPM_OUTDATED_LOCKFILE|Your lockfile needs to be updated|can only install packages when your package\.json/.test(tail)) return undefined;
  const what = missing !== undefined ? `it lacks ${missing}` : locked !== undefined ? `it has ${locked}, not ${wanted}` : specs ? difference(specs[1]!, specs[2]!) : undefined;
  const update = { 'pnpm-lock.yaml': 'pnpm install', 'yarn.lock': 'yarn install' }[nameOf(lock)] ?? 'npm install';
  return {
    code: 'version-conflict', message: `${lock} does not fit package.json${what === undefined ? '' : `: ${what}`}.`, path: lock,
    action: `Bring the lock up to date with ${update}, or install without it: petri deps --project ${inFolder(folderOf(lock), 'package.json')}.`,
  };
}

/** The first name that two objects of specifiers, as pnpm prints them, do not agree on. */
function difference(lock: string, manifest: string): string | undefined {
  try {
    const [locked, wanted] = [record(JSON.parse(lock)), record(JSON.parse(manifest))];
    const name = Object.keys({ ...wanted, ...locked }).find((one) => locked[one] !== wanted[one]);
    if (name === undefined) return undefined;
    if (!(name in locked)) return `it lacks ${name}`;
    return name in wanted ? `it has ${name} for ${String(locked[name])}, not ${String(wanted[name])}` : `it has ${name}, which nothing asks for`;
  } catch {
    return undefined;
  }
}

function explainNpm(tail: string): Explanation {
  const said = (pattern: RegExp) => pattern.exec(tail)?.[1];
  if (/EINTEGRITY|ERR_PNPM_TARBALL_INTEGRITY|YN0018|Integrity check failed/.test(tail)) {
    const name = said(/YN0018: │ (@?[^@\s]+)@\S+: The remote archive/) ?? said(/unexpected checksum for "\S+?\/((?:@[^/]+\/)?[^/]+)\/-\//) ?? said(/Integrity check failed for "([^"]+)"/);
    return { code: 'hash-mismatch', message: `${name ?? 'A package'} is not what the lock names: its hash is another.`, action: 'If the lock is right, somebody changed the package. Do not take it over unseen.' };
  }
  const unknown = said(/404\s+'?(@?[\w.-]+(?:\/[\w.-]+)?)@[^']*'? is not in (?:the|this) .*registry/) ?? said(/404 Not Found.*\/((?:@[\w.-]+%2f)?[\w.-]+) - Not found/i)
    ?? said(/ERR_PNPM_FETCH_404.*\/((?:@[\w.-]+%2F)?[\w.-]+):/i) ?? said(/Couldn't find package "([^"]+)"/) ?? said(/YN0035: │ (@?[^@\s]+)@\S+: Package not found/);
  if (unknown !== undefined) {
    return { code: 'package-unknown', message: `The registry has no package named ${plain(unknown)}.`, action: 'Check the name in package.json: names that do not exist are what attackers register.', about: [plain(unknown)] };
  }
  const version = said(/No matching version found for (\S+?)\.?$/m) ?? said(/ERR_PNPM_NO_MATCHING_VERSION\S*\s+No matching version found for (\S+)/)
    ?? said(/Couldn't find any versions for ("[^"]+" that matches "[^"]+")/)?.replace(/"([^"]+)" that matches "([^"]+)"/, '$1@$2')
    ?? said(/YN0082: │ (\S+): No candidates found/)?.replace('@npm:', '@');
  if (version !== undefined) return { code: 'version-conflict', message: `The registry has no version that fits ${version}.`, action: 'Ask for a version that there is.', about: [nameIn(version)] };
  if (/ERESOLVE/.test(tail)) {
    const peer = /Could not resolve dependency:\n.* peer (@?[^@\s]+)@"(.+?)" from (\S+)/.exec(tail);
    const found = said(/Found: (\S+)/);
    return {
      code: 'version-conflict', action: 'Change one of the versions in package.json.', about: [...found === undefined ? [] : [nameIn(found)], ...peer ? [nameIn(peer[3]!)] : []],
      message: peer ? `These do not go together: ${peer[3]} needs ${peer[1]} ${peer[2]}, and ${found ?? 'another version'} is asked for.` : 'The versions that package.json asks for do not go together.',
    };
  }
  if (/EBADPLATFORM|Unsupported platform/.test(tail)) {
    const name = said(/Unsupported platform for (\S+?):/);
    return { code: 'no-build-for-platform', message: `${name ?? 'A package'} is not made for this platform.`, action: 'Take it as an optional dependency, or another version.', about: name === undefined ? [] : [nameIn(name)] };
  }
  const failed = said(/npm (?:ERR!|error) path \/sandbox\/deps\/node\/node_modules\/(.+)/) ?? said(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+): Running (?:pre|post)?install script.*\n(?:.*\n)*?.*failed/i);
  if (failed !== undefined && /npm (?:ERR!|error) command (failed|sh)/.test(tail)) {
    const compiler = /gyp ERR!|not found: make|node-gyp/.test(tail);
    return {
      code: 'build-failed', message: `${failed} ${compiler ? 'has to be compiled, and the image has no compiler for it' : 'could not be built without a network: its own install script failed'}.`,
      action: compiler ? 'Choose a version that comes compiled, or name an image that has a compiler: petri run --image, or jhansi.sandbox.image.' : 'If it fetches something there, choose an image that has it.',
      about: [failed.replace(/^.*node_modules\//, '')],
    };
  }
  return undefined;
}

/** npm says nothing while it works; pnpm and Yarn do. */
export function nodeProgress(total: number | undefined): NonNullable<InstallStep['progress']> {
  return (line) => {
    const pnpm = /Progress: resolved (\d+), reused (\d+), downloaded (\d+), added (\d+)/.exec(line);
    if (pnpm) return { message: 'Downloading packages…', done: Number(pnpm[3]), ...(total !== undefined && { total }) };
    const yarn = /^\[\d\/\d\] (\w+ \w+)/.exec(line);
    return yarn ? { message: `${yarn[1]}…` } : undefined;
  };
}

/** Of `name@version`. */
function nameIn(wish: string): string {
  return /^@?[^@]+/.exec(wish)?.[0] ?? wish;
}

function plain(name: string): string {
  return name.replace(/%2f/i, '/');
}
