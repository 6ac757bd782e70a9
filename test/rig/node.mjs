// node_modules as the lock file says, and Node 24 out of them, whatever Node the machine has.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { ROOT } from './places.mjs';
import { RigError, say } from './say.mjs';

const windows = process.platform === 'win32';
const binaries = join(ROOT, 'node_modules', '.bin');
const node24 = join(ROOT, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');

/**
 * Installs what is missing and answers under Node 24: anywhere else it starts the same script again under it and never
 * resolves. Call it before anything that comes out of node_modules.
 */
export async function underNode24() {
  const path = process.env.PATH.split(delimiter).filter((folder) => !folder.endsWith(join('node_modules', '.bin')));
  // With the machine's own Node and npm: the ones in node_modules may be about to be replaced.
  const npm = (args) => run('npm', args, { cwd: ROOT, seconds: 900, shell: windows, env: { ...process.env, PATH: path.join(delimiter) } });
  if (!modulesAreCurrent()) {
    say('npm ci');
    // Of all install scripts only Node's own is needed; SQLite's would ask for Python and a compiler, for nothing.
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  if (!existsSync(node24)) {
    say('npm rebuild node (fetches Node 24)');
    await npm(['rebuild', 'node', '--foreground-scripts']);
  }
  if (!existsSync(node24)) throw new RigError(`${node24} is missing: npm has no Node 24 for this platform. Install Node 24 and its packages by hand.`);
  process.env.PATH = [binaries, ...path].join(delimiter);
  if (realpathSync(process.execPath) !== realpathSync(node24)) await becomeNode24();
}

/** True when every package that is not optional has the version that the lock file names. */
function modulesAreCurrent() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const { packages: have } = JSON.parse(readFileSync(installed, 'utf8'));
  const { packages: want } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries(want).every(([path, { version, optional, devOptional, peer }]) =>
    path === '' || have[path]?.version === version || (!have[path] && (optional || devOptional || peer)));
}

function becomeNode24() {
  const child = spawn(node24, process.argv.slice(1), { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; the answer to it is the child's.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((_, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
  });
}
