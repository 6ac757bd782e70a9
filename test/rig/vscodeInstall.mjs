// Gets a real VS Code onto a machine that cannot download Electron: the workbench and extension host of the npm package
// code-server, kept in a cache outside node_modules because it is large and takes minutes to build.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { aptInstall } from './debian.mjs';
import { CACHE, ROOT } from './places.mjs';
import { RigError, say } from './say.mjs';

const VERSION = '4.139.1';

/** The Node 24 that package.json brings, with its headers; the machine's own may be too old for VS Code's server. */
export function node24() {
  const homes = ['node_modules/node/node_modules', 'node_modules'].map((folder) => join(ROOT, folder, `node-${process.platform}-${process.arch}`));
  const home = homes.find((folder) => existsSync(join(folder, 'bin', 'node')));
  if (home) return { home, binary: join(home, 'bin', 'node') };
  return { home: dirname(dirname(process.execPath)), binary: process.execPath };
}

/** Resolves to the folder of VS Code's server; installs it, and what Debian lacks for it, the first time. */
export async function installServer() {
  if (process.platform === 'linux') {
    await aptInstall(['libkrb5-dev'], '/usr/include/krb5.h');
    await aptInstall(['g++', 'make', 'pkg-config', 'python3'], '/usr/bin/g++');
  }
  const folder = join(CACHE, `code-server-${VERSION}`);
  const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const done = join(folder, 'installed');
  if (existsSync(done)) return server;
  say(`Installing VS Code's server (code-server ${VERSION}) into ${folder}: about two minutes, once.`);
  // What an interrupted install left looks installed to npm.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npmInstall(folder, `code-server@${VERSION}`);
  if (!existsSync(join(server, 'out', 'server-main.js'))) throw new RigError(`code-server ${VERSION} has no VS Code server in ${server}.`);
  writeFileSync(done, `${VERSION}\n`);
  return server;
}

/** Resolves to a Chromium or Chrome; installs one on Debian. */
export async function installBrowser() {
  const known = [
    process.env.PETRI_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  const found = known.find((path) => path && existsSync(path));
  if (found) return found;
  if (process.platform !== 'linux') throw new RigError('No Chrome was found. Install it, or name a Chromium in PETRI_CHROMIUM.');
  await aptInstall(['chromium'], '/usr/bin/chromium');
  return '/usr/bin/chromium';
}

function npmInstall(folder, spec) {
  const { home, binary } = node24();
  const log = join(folder, 'install.log');
  // An npm script puts its own package and folders into the environment; this install is none of theirs.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_prefix|global|prefix)|package_|lifecycle_)/.test(name)));
  const child = spawn('npm', ['install', '--no-package-lock', '--omit=dev', '--no-audit', '--no-fund', spec], {
    cwd: folder, shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'],
    // Native modules are built against the headers that came with this Node: no download of its own.
    env: { ...env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}`, npm_config_nodedir: home },
  });
  const sink = createWriteStream(log);
  child.stdout.pipe(sink, { end: false });
  child.stderr.pipe(sink, { end: false });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      sink.end();
      if (code === 0) resolve();
      else reject(new RigError(`npm install ${spec} ended with ${code}:\n${readFileSync(log, 'utf8').split('\n').slice(-25).join('\n')}`));
    });
  });
}
