// An engine to run on: the machine's own wherever one answers, else Debian's Docker.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command.mjs';
import { aptInstall, cannotInstall } from './debian.mjs';
import { CACHE } from './places.mjs';
import { product } from './product.mjs';
import { RigError, say } from './say.mjs';

const START_SECONDS = 60;

/** Answers the engine Petri would find, as DOCKER_HOST names it (`unix:///var/run/docker.sock`). */
export async function ensureEngine() {
  const { dockerEngine, ownSurroundings } = await product();
  const engine = dockerEngine(ownSurroundings());
  try {
    return await engine.info().catch((error) => installEngine(engine, error)).then(addressOf);
  } finally {
    engine.close();
  }
}

/** Only where there is no engine at all: one that is stopped by its owner's wish, or forbidden to us, is left alone. */
async function installEngine(engine, error) {
  const named = process.env.DOCKER_HOST || process.env.DOCKER_CONTEXT;
  const reason = named ? `${named} was asked for` : cannotInstall();
  if (reason || !['engine-absent', 'engine-stopped'].includes(error.code)) {
    throw new RigError([error.message, error.action, reason && `(Not installed by the rig: ${reason}.)`].filter(Boolean).join(' '));
  }
  await aptInstall(['docker.io', 'iptables', 'ca-certificates'], '/usr/sbin/dockerd');
  say('starting dockerd');
  const systemd = existsSync('/run/systemd/system');
  const daemon = systemd ? await run('systemctl', ['start', 'docker'], { seconds: START_SECONDS }) : await startDaemon();
  for (const until = Date.now() + START_SECONDS * 1000; ; await sleep(250)) {
    const info = await engine.info().catch(() => undefined);
    if (info) return info;
    if (daemon.exitCode > 0 || Date.now() > until) {
      throw new RigError(`dockerd does not answer; its log: ${systemd ? 'journalctl -u docker' : join(CACHE, 'dockerd.log')}`);
    }
  }
}

async function startDaemon() {
  forgetDead('dockerd', '/run/docker.pid');
  forgetDead('containerd', '/run/docker/containerd/containerd.pid');
  mkdirSync(CACHE, { recursive: true });
  const log = openSync(join(CACHE, 'dockerd.log'), 'a');
  const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } });
  await new Promise((resolve, reject) => daemon.once('spawn', resolve).once('error', reject));
  daemon.unref();
  return daemon;
}

/** After a reset without a clean stop another process may have the number, and dockerd would take that for its own. */
function forgetDead(name, file) {
  if (!existsSync(file)) return;
  const comm = `/proc/${readFileSync(file, 'utf8').trim()}/comm`;
  if (!existsSync(comm) || readFileSync(comm, 'utf8').trim() !== name) rmSync(file);
}

function addressOf(info) {
  say(`engine: ${info.name} ${info.version} at ${info.endpoint}`);
  return info.endpoint.split(' ')[0];
}
