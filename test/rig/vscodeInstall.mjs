// Gets a real VS Code onto a machine that cannot download Electron: the workbench and extension host of the npm package
// code-server, kept in a cache outside node_modules because it is large and takes minutes to build.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './debian.mjs';
import { CACHE, ROOT } from './places.mjs';
import { RigError, say } from './say.mjs';

const VERSION = '4.139.1';

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
  const node = await nodeWithHeaders();
  await npmInstall(folder, `code-server@${VERSION}`, {
    // Its native modules are built for this Node, against the headers that came with it: nothing is downloaded for that.
    PATH: `${join(node, 'bin')}${delimiter}${process.env.PATH}`, npm_config_nodedir: node,
  });
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

/**
 * The folder of a Node 24 with its headers. What the package `node` puts into node_modules has them too, but npm removes it there
 * again at the next occasion: no package.json names it.
 */
async function nodeWithHeaders() {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(CACHE, `${name}-${process.versions.node}`);
  const node = join(folder, 'node_modules', name);
  if (!existsSync(join(node, 'include', 'node', 'node_api.h'))) await npmInstall(folder, `${name}@${process.versions.node}`);
  return node;
}

/** One package into a folder of its own. What an interrupted install left would look installed to npm: it goes first. */
function npmInstall(folder, spec, env = {}) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const log = join(folder, 'install.log');
  // An npm script puts its own package, folders and Node into the environment; this install is none of theirs, and
  // code-server's checks the Node it is installed with by npm's word.
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_prefix|global|prefix|user_agent)|package_|lifecycle_|execpath|node_execpath)/.test(name)));
  const child = spawn('npm', ['install', '--no-package-lock', '--omit=dev', '--no-audit', '--no-fund', spec], {
    cwd: folder, shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'pipe'], env: { ...clean, ...env },
  });
  const sink = createWriteStream(log);
  child.stdout.pipe(sink, { end: false });
  child.stderr.pipe(sink, { end: false });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) sink.end(resolve);
      else sink.end(() => reject(new RigError(`npm install ${spec} ended with ${code}:\n${readFileSync(log, 'utf8').split('\n').slice(-25).join('\n')}`)));
    });
  });
}
