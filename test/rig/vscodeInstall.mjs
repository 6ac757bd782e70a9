// Gets a real VS Code onto a machine that cannot download Electron: the workbench and extension host of the npm package
// code-server, kept in a cache outside node_modules because it is large and takes minutes to build.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const version = '4.139.1';
const debianPackages = ['chromium', 'libkrb5-dev', 'g++', 'make', 'pkg-config', 'python3'];

export function cacheFolder() {
  return process.env.PETRI_RIG_CACHE || join(homedir(), '.cache', 'petri-rig');
}

/** The Node 24 that package.json brings; the machine's own may be too old for VS Code's server. */
export function node24() {
  const homes = ['node_modules/node/node_modules', 'node_modules'].map((folder) => join(repository, folder, `node-${process.platform}-${process.arch}`));
  const home = homes.find((folder) => existsSync(join(folder, 'bin', 'node')));
  if (home) return { home, binary: join(home, 'bin', 'node') };
  return { home: dirname(dirname(process.execPath)), binary: process.execPath };
}

/** Resolves to the folder of VS Code's server; `say` gets a sentence for each step that takes long. */
export async function installServer(say) {
  installDebianPackages(debianPackages, say);
  const folder = join(cacheFolder(), `code-server-${version}`);
  const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const done = join(folder, 'installed');
  if (existsSync(done)) return server;
  say(`Installing VS Code's server (code-server ${version}) into ${folder}: about two minutes, once.`);
  // What an interrupted install left looks installed to npm.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npmInstall(folder, `code-server@${version}`);
  if (!existsSync(join(server, 'out', 'server-main.js'))) throw new Error(`code-server has no VS Code server in ${server}`);
  writeFileSync(done, `${version}\n`);
  return server;
}

export function chromiumPath() {
  const known = [
    process.env.PETRI_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  const found = known.find((path) => path && existsSync(path));
  if (!found) throw new Error('No Chromium was found. Install it, or name one in PETRI_CHROMIUM.');
  return found;
}

function installDebianPackages(names, say) {
  if (process.platform !== 'linux' || spawnSync('dpkg-query', ['--version']).status !== 0) return;
  const missing = names.filter((name) => {
    const query = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
    return !query.stdout.includes('install ok installed');
  });
  // Chrome does as well as Chromium.
  if (missing.includes('chromium') && existsSync('/usr/bin/google-chrome')) missing.splice(missing.indexOf('chromium'), 1);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Error(`Debian packages are missing: sudo apt-get install -y ${missing.join(' ')}`);
  say(`Installing Debian packages: ${missing.join(' ')}`);
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  const install = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
  if (install.status !== 0) throw new Error(`apt-get could not install ${missing.join(' ')}`);
}

function npmInstall(folder, spec) {
  const { home, binary } = node24();
  const log = join(folder, 'install.log');
  // npm scripts put their own settings into the environment; this install is none of theirs.
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
      else reject(new Error(`npm install ${spec} ended with ${code}:\n${readFileSync(log, 'utf8').split('\n').slice(-25).join('\n')}`));
    });
  });
}
