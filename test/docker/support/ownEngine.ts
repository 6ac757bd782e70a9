import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { get, request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { engineSocket } from './engineProxy';
import { eventually } from './eventually';

const PATH = `${process.env['PATH']}:/usr/sbin:/sbin`;

/** A second Docker beside the one of the tests, with nothing in common but the kernel: one that a test may stop and kill. */
export class OwnEngine {
  readonly folder = mkdtempSync(join(tmpdir(), 'petri-engine-'));
  readonly socket = join(this.folder, 's');
  private daemon: ChildProcess | undefined;

  /** Whether this machine can have one: its root's business. */
  static get possible(): boolean {
    return process.getuid?.() === 0 && spawnSync('dockerd', ['--version'], { env: { ...process.env, PATH } }).status === 0;
  }

  /** As DOCKER_HOST takes it. */
  get endpoint(): string {
    return `unix://${this.socket}`;
  }

  /** `resolver`: what its /etc/resolv.conf names, instead of the machine's; its network then has a loopback address. */
  async start(resolver?: string): Promise<void> {
    const log = openSync(join(this.folder, 'log'), 'a');
    const inFolder = (name: string) => join(this.folder, name);
    if (resolver !== undefined) writeFileSync(inFolder('resolv.conf'), `nameserver ${resolver}\n`);
    const into = resolver === undefined ? ['--net'] : ['--net', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && ip link set lo up && exec "$@"', inFolder('resolv.conf')];
    // In a network of its own: with --bridge=none a daemon deletes the docker0 of the machine's own engine.
    const daemon = this.daemon = spawn('unshare', [
      ...into, 'dockerd', '-H', this.endpoint, '--data-root', inFolder('data'), '--exec-root', inFolder('exec'), '--pidfile', inFolder('pid'),
      '--bridge=none', '--iptables=false', '--ip6tables=false',
    ], { env: { ...process.env, PATH }, stdio: ['ignore', log, log] });
    await eventually(() => {
      if (daemon.exitCode !== null) throw new Error(`dockerd ended:\n${readFileSync(inFolder('log'), 'utf8').split('\n').slice(-10).join('\n')}`);
      return answers(this.socket);
    }, 'dockerd does not answer', 60);
  }

  /** Runs a program where its loopback addresses are. */
  inNetwork(argv: string[]): ChildProcess {
    return spawn('nsenter', [`--net=/proc/${this.daemon!.pid}/ns/net`, ...argv], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PATH } });
  }

  /** docker save | docker load, from the tests' own engine. */
  async load(image: string): Promise<void> {
    const saved = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ socketPath: engineSocket(), path: `/v1.41/images/get?names=${encodeURIComponent(image)}` }, resolve).on('error', reject);
    });
    if (saved.statusCode !== 200) throw new Error(`these tests need the image ${image} on the engine`);
    const loading = request({ socketPath: this.socket, method: 'POST', path: '/v1.41/images/load?quiet=1', headers: { 'Content-Type': 'application/x-tar' } });
    const loaded = new Promise<IncomingMessage>((resolve, reject) => { loading.on('response', resolve).on('error', reject); });
    await pipeline(saved, loading);
    await once((await loaded).resume(), 'end');
  }

  /** SIGTERM ends the containers first; SIGKILL leaves them to themselves. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { daemon } = this;
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill(signal);
    await gone;
    // It dies with dockerd; where no init process reaps it, the next dockerd would take the zombie for a living one.
    if (signal === 'SIGKILL') rmSync(join(this.folder, 'exec', 'containerd', 'containerd.pid'), { force: true });
  }

  /** Ends it with everything on it. */
  async remove(): Promise<void> {
    await this.stop('SIGTERM');
    // What a killed dockerd leaves: the keepers of its containers, and the containers.
    for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) if (this.started(pid)) process.kill(pid, 'SIGKILL');
    spawnSync('sh', ['-c', 'grep -o " $1/[^ ]*" /proc/mounts | sort -r | xargs -r -n 1 umount -l', 'sh', this.folder], { env: { ...process.env, PATH } });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** By its command line: this folder's name is nobody else's. */
  private started(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${this.folder}/`);
    } catch {
      return false;
    }
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    get({ socketPath, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}
