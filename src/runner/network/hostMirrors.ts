import type { Mirrors } from '../../engine/gateway/door';
import { mirrorOf } from '../../engine/gateway/mavenRepositories';

/** What the user's own package managers are set up with, on this machine, for every project. */
export interface MirrorSources {
  env: Record<string, string | undefined>;
  home: string;
  platform: NodeJS.Platform;
  /** undefined when absent or unreadable. */
  readFile(path: string): Buffer | undefined;
}

/**
 * The addresses in the machine's and the user's global configuration: npm's and pip's files, Go's, Maven's settings. Read as
 * files and not by asking the tools: they may not be installed here, and would look into the folder they are asked in.
 */
export async function hostMirrors(sources: MirrorSources): Promise<Mirrors> {
  const found: Mirrors = {
    npm: npmRegistry(sources), pip: pipIndex(sources), ...goEnvironment(sources), maven: mavenMirror(sources),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function npmRegistry({ env, home, readFile }: MirrorSources): string | undefined {
  const files = [env.NPM_CONFIG_USERCONFIG ?? `${home}/.npmrc`, env.NPM_CONFIG_GLOBALCONFIG ?? '/etc/npmrc'];
  return env.NPM_CONFIG_REGISTRY ?? env.npm_config_registry ?? setting(files, readFile, /^registry\s*=\s*(.+)$/);
}

function pipIndex({ env, home, platform, readFile }: MirrorSources): string | undefined {
  const files = [
    ...env.PIP_CONFIG_FILE === undefined ? [] : [env.PIP_CONFIG_FILE],
    platform === 'win32' ? `${env.APPDATA ?? ''}/pip/pip.ini` : `${env.XDG_CONFIG_HOME ?? `${home}/.config`}/pip/pip.conf`,
    `${home}/Library/Application Support/pip/pip.conf`, `${home}/.pip/pip.conf`, '/etc/pip.conf', '/etc/xdg/pip/pip.conf',
  ];
  return env.PIP_INDEX_URL ?? setting(files, readFile, /^index[-_]url\s*[=:]\s*(.+)$/);
}

function goEnvironment({ env, home, platform, readFile }: MirrorSources): Mirrors {
  const config = platform === 'win32' ? env.APPDATA ?? '' : platform === 'darwin' ? `${home}/Library/Application Support` : env.XDG_CONFIG_HOME ?? `${home}/.config`;
  const files = [env.GOENV ?? `${config}/go/env`];
  return { go: env.GOPROXY ?? setting(files, readFile, /^GOPROXY=(.+)$/), gosum: env.GOSUMDB ?? setting(files, readFile, /^GOSUMDB=(.+)$/) };
}

function mavenMirror({ env, home, readFile }: MirrorSources): string | undefined {
  for (const file of [`${home}/.m2/settings.xml`, `${env.MAVEN_HOME ?? env.M2_HOME ?? '/usr/share/maven'}/conf/settings.xml`]) {
    const mirror = mirrorOf(readFile(file)?.toString('utf8') ?? '');
    if (mirror !== undefined) return mirror;
  }
  return undefined;
}

/** The first file that has such a line decides. */
function setting(files: string[], readFile: MirrorSources['readFile'], line: RegExp): string | undefined {
  for (const file of files) {
    const lines = readFile(file)?.toString('utf8').split(/\r?\n/) ?? [];
    for (const text of lines) {
      const value = line.exec(text.trim())?.[1]?.trim().replace(/^"(.*)"$/, '$1');
      if (value) return value;
    }
  }
  return undefined;
}
