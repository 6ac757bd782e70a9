// Engines beside the machine's own, each with a root, a network and processes of its own: nothing of them is seen or
// changed outside, and ending their first process ends all of them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cannotInstall, debootstrap } from '../debian.mjs';
import { answers } from '../engineSocket.mjs';
import { CACHE } from '../places.mjs';
import { RigError, say } from '../say.mjs';
import { RECIPES, SOCKETS } from './recipes.mjs';

const ENTER = fileURLToPath(new URL('enter.sh', import.meta.url));
const START_SECONDS = 60;
const STOP_SECONDS = 20;
/** What a Unix socket's path may take. */
const LONGEST_PATH = 107;

/**
 * Starts the engine, unless it runs already.
 * @returns {Promise<{endpoint: string, stop(): Promise<void>}>} endpoint as DOCKER_HOST takes it
 */
export async function startEngine(name) {
  const recipe = RECIPES[name];
  const root = rootOf(name);
  const endpoint = endpointOf(name);
  const started = { endpoint, stop: () => stopEngine(name) };
  if (await answers(endpoint)) return started;
  if (endpoint.length - 'unix://'.length > LONGEST_PATH) throw new RigError(`${CACHE} is too long a path for a socket; set PETRI_RIG_CACHE.`);
  await stopEngine(name);
  await installEngine(name);
  for (const [path, content] of Object.entries(recipe.files ?? {})) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'function' ? content() : content, { mode: 0o755 });
  }
  // What a killed engine left of its last life.
  rmSync(join(root, 'run'), { recursive: true, force: true });
  mkdirSync(join(root, SOCKETS), { recursive: true });
  const log = logOf(name);
  const out = openSync(log, 'w');
  const child = spawn('unshare', [
    '--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'private', 'sh', ENTER, name, root, ...recipe.command,
  ], { detached: true, stdio: ['ignore', out, out], env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' } });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  writeFileSync(pidFileOf(name), String(child.pid));
  for (const until = Date.now() + START_SECONDS * 1000; !await answers(endpoint); await sleep(100)) {
    if (child.exitCode === null && Date.now() < until) continue;
    await stopEngine(name);
    throw new RigError(`${name} did not start:\n${readFileSync(log, 'utf8').split('\n').slice(-15).join('\n')}`);
  }
  say(`${name} answers at ${endpoint}`);
  return started;
}

/** A root with the engine in it, unless there is one: what takes longest about a first start. */
export async function installEngine(name) {
  const reason = cannotInstall();
  if (reason) throw new RigError(`${name} cannot be started here: ${reason}.`);
  await debootstrap(RECIPES[name].suite, RECIPES[name].packages, rootOf(name));
}

/** Ends the engine with everything that runs on it; its images stay in the cache. */
export async function stopEngine(name) {
  const pid = runningPid(name);
  if (pid) {
    // To the group: unshare itself waits for the first process of the engine's namespace, which passes the signal on.
    process.kill(-pid, 'SIGTERM');
    for (const until = Date.now() + STOP_SECONDS * 1000; runningPid(name) && Date.now() < until;) await sleep(100);
    if (runningPid(name)) process.kill(-pid, 'SIGKILL');
  }
  rmSync(pidFileOf(name), { force: true });
}

function endpointOf(name) {
  return `unix://${join(rootOf(name), SOCKETS, `${name}.sock`)}`;
}

function rootOf(name) {
  return join(CACHE, 'roots', name);
}

function logOf(name) {
  return join(CACHE, `${name}.log`);
}

function pidFileOf(name) {
  return join(CACHE, `${name}.pid`);
}

/** The process that startEngine started, if it still is that process. */
function runningPid(name) {
  if (!existsSync(pidFileOf(name))) return undefined;
  const pid = Number(readFileSync(pidFileOf(name), 'utf8'));
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`\0${rootOf(name)}\0`) ? pid : undefined;
  } catch {
    return undefined;
  }
}
