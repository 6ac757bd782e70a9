import type { InstallStep } from '../adapter';

type Explanation = ReturnType<NonNullable<InstallStep['explain']>>;

/** What npm and its kin say when they give up, for a person. */
export function explainNpm(tail: string): Explanation {
  const said = (pattern: RegExp) => pattern.exec(tail)?.[1];
  if (/EINTEGRITY|ERR_PNPM_TARBALL_INTEGRITY|YN0018|Integrity check failed/.test(tail)) {
    return { code: 'hash-mismatch', message: 'A package is not what the lock names: its hash is another.', action: 'If the lock is right, somebody changed the package. Do not take it over unseen.' };
  }
  const unknown = said(/404\s+'?(@?[\w.-]+(?:\/[\w.-]+)?)@[^']*'? is not in (?:the|this) .*registry/) ?? said(/404 Not Found.*\/((?:@[\w.-]+%2f)?[\w.-]+) - Not found/i)
    ?? said(/ERR_PNPM_FETCH_404.*\/((?:@[\w.-]+%2F)?[\w.-]+):/i) ?? said(/Couldn't find package "([^"]+)"/);
  if (unknown !== undefined) {
    return { code: 'package-unknown', message: `The registry has no package named ${decodeURIComponent(unknown)}.`, action: 'Check the name in package.json: names that do not exist are what attackers register.' };
  }
  const version = said(/No matching version found for (\S+?)\.?$/m) ?? said(/ERR_PNPM_NO_MATCHING_VERSION\S*\s+No matching version found for (\S+)/) ?? said(/Couldn't find any versions for "([^"]+)"/);
  if (version !== undefined) return { code: 'version-conflict', message: `The registry has no version that fits ${version}.`, action: 'Ask for a version that there is.' };
  if (/ERESOLVE/.test(tail)) {
    const peer = said(/(peer \S+@".+?" from \S+)/);
    return { code: 'version-conflict', message: `These do not go together: ${peer ?? 'the versions that package.json asks for'}.`, action: 'Change one of the versions in package.json.' };
  }
  if (/EBADPLATFORM|Unsupported platform/.test(tail)) {
    return { code: 'no-build-for-platform', message: `${said(/Unsupported platform for (\S+?):/) ?? 'A package'} is not made for this platform.`, action: 'Take it as an optional dependency, or another version.' };
  }
  const failed = said(/npm ERR! path \/sandbox\/deps\/node\/node_modules\/(.+)/) ?? said(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+): Running (?:pre|post)?install script.*\n(?:.*\n)*?.*failed/i);
  if (failed !== undefined && /npm ERR! command (failed|sh)/.test(tail)) {
    const compiler = /gyp ERR!|not found: make|node-gyp/.test(tail);
    return {
      code: 'build-failed', message: `${failed} ${compiler ? 'has to be compiled, and the image has no compiler for it' : 'could not be built without a network: its own install script failed'}.`,
      action: compiler ? 'Choose a version that comes compiled, or an image with a compiler.' : 'If it fetches something there, choose an image that has it.',
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
