import { createHash } from 'node:crypto';
import { PetriError } from '../errors';
import type { ContainerSpec, EngineInfo, Hardening, Labels } from '../ports/containerEngine';
import type { Limits } from '../../protocol/sandbox';
import { seccompProfile } from './seccomp';

/** Prefix of every label on the engine. */
export const LABEL = 'dev.jhansi.petri.';

/** Begins the names of volumes that gateways alone may see. */
export const ARTEFACTS = 'petri-artefacts-';

/** question: asks an image's package managers where they download from. */
export type Role = 'warm' | 'run' | 'terminal' | 'install' | 'gateway' | 'question';
export interface Mount { volume: string; target: string; readOnly?: boolean }

export interface SpecInput {
  installId: string;
  sandboxId: string;
  /** '' for a warm container, which does not know yet whose it will be. */
  runId: string;
  role: Role;
  /** The image's id, not its tag: a tag may move between two runs. */
  imageId: string;
  /** User and group of everything inside; never 0. */
  uid: number;
  /** Our own volumes at /sandbox or below it. Nothing else can be mounted. */
  mounts: Mount[];
  limits: Limits;
  /** Text of the launcher script. */
  launcher: string;
  tty: boolean;
  /** The internal network of an install, and the gateway's address on it. Everything else has no network; a gateway has its own. */
  network?: { id: string; gateway: string };
  /** A running container without a network, which is about to go and leaves its place to this one. */
  successorOf?: string;
  /** One of the engine's runtimes; its default when absent. */
  runtime?: string;
  engine: EngineInfo;
}

/**
 * The container table, as far as it is the same for every sandbox. CIS Docker Benchmark 5.x, and:
 * - ipc none: no segment of another container can be joined; /dev/shm comes back as a tmpfs of its own below;
 * - log driver none: output cannot fill the engine's disk, and attach streams four times faster;
 * - dnsSearch: the host's search domain stays the host's; see `resolvers` for the rest of /etc/resolv.conf. A list of any kind also
 *   keeps Docker 20.10's own resolver from asking a loopback address in the host's place.
 */
const HARDENING: Omit<Hardening, 'cgroupNamespace' | 'dns'> = {
  dropCapabilities: ['ALL'], noNewPrivileges: true, readOnlyRoot: true, init: true, ipc: 'none', logDriver: 'none',
  dnsSearch: ['.'],
};

/** Below the engine's own limit, or it could not start a container where it lacks CAP_SYS_RESOURCE. */
const NOFILE = 4096;
/**
 * Inodes of a tmpfs are kernel memory, charged to the container: a bound of their own ends in an error instead of an OOM kill.
 * Podman knows no such option; there the memory limit alone holds them.
 */
const TMP_INODES = 200_000;
const MIB = 1024 * 1024;

/**
 * Everything about a container that keeps what runs inside it in its place. Pure; throws PetriError `internal` for what must
 * never be asked for (root, a host path), and `engine-failed` for a runtime the engine does not have.
 */
export function buildSpec(input: SpecInput): ContainerSpec {
  const { engine, limits, uid } = input;
  if (!Number.isInteger(uid) || uid <= 0 || uid > 0x7fff_ffff) throw refuse(`user ${uid}: a sandbox is never root`);
  if (input.runtime !== undefined && !engine.runtimes.includes(input.runtime)) {
    throw new PetriError('engine-failed', `The engine has no runtime named ${input.runtime}.`, { action: `Choose one of: ${engine.runtimes.join(', ')}.` });
  }
  const lacks = new Set(engine.lacks);
  const inodes = (count: number) => (engine.name === 'podman' ? '' : `,nr_inodes=${count}`);
  return {
    image: input.imageId,
    command: ['/bin/sh', '-c', input.launcher],
    environment: ['HOME=/sandbox/home', 'USER=sandbox', 'LOGNAME=sandbox', 'LANG=C.UTF-8', 'TMPDIR=/tmp'],
    workingDirectory: '/sandbox/workspace',
    user: `${uid}:${uid}`,
    labels: labels(input),
    hostname: 'sandbox',
    tty: input.tty,
    mounts: input.mounts.map((wanted) => mount(wanted, input.role)),
    tmpfs: {
      '/tmp': `rw,nosuid,nodev,exec,size=${Math.floor(limits.memory_bytes / 2)},mode=1777${inodes(TMP_INODES)}`,
      '/dev/shm': `rw,nosuid,nodev,noexec,size=${Math.min(Math.floor(limits.memory_bytes / 4), 256 * MIB)},mode=1777${inodes(10_000)}`,
    },
    limits: {
      // An engine refuses more cores than it has; one that cannot limit them refuses any number.
      nanoCpus: lacks.has('cpus') ? 0 : Math.round(Math.min(limits.cpus, engine.cpus) * 1e9),
      memoryBytes: limits.memory_bytes, memorySwapBytes: limits.memory_bytes,
      pids: limits.pids, nofile: NOFILE, fileSizeBytes: limits.disk_bytes, coreBytes: 0,
    },
    ...network(input),
    seccompProfile: engine.seccomp && engine.takesProfile !== false ? seccompProfile(engine.architecture) : '',
    runtime: input.runtime,
    hardening: { ...HARDENING, dns: resolvers(input), cgroupNamespace: engine.cgroupVersion === 2 ? 'private' : undefined },
  };
}

/** Two containers with the same key can stand in for each other. Labels are left out: they say whose it is, not what it is. */
export function specKey(spec: ContainerSpec): string {
  return createHash('sha256').update(JSON.stringify(sorted({ ...spec, labels: undefined }))).digest('hex');
}

/** Everything of ours on the engine carries these from its creation on. */
export function labels({ installId, sandboxId, runId, role }: Pick<SpecInput, 'installId' | 'sandboxId' | 'runId' | 'role'>): Labels {
  return { [`${LABEL}install`]: installId, [`${LABEL}sandbox`]: sandboxId, [`${LABEL}run`]: runId, [`${LABEL}role`]: role };
}

/**
 * Only a volume by our own name passes: no separator, so no host path, device or socket can be spelt (CVE-2026-6406), and a
 * target that cannot shadow the system's own folders.
 */
function mount({ volume, target, readOnly = false }: Mount, role: Role): ContainerSpec['mounts'][number] {
  if (!/^petri-[a-z0-9][a-z0-9_.-]{0,120}$/.test(volume)) throw refuse(`mount of ${JSON.stringify(volume)}: not a volume of ours`);
  if (volume.startsWith(ARTEFACTS) && role !== 'gateway') throw refuse(`the volume of all artefacts in a ${role}`);
  if (!/^\/sandbox(\/[a-z][a-z0-9_-]*)*$/.test(target)) throw refuse(`mount at ${JSON.stringify(target)}: outside /sandbox`);
  return { volume, target, readOnly };
}

/** None for what runs user code; the one to the gateway for an install; the way out for the gateway alone, which passes no packet on. */
function network({ role, network, successorOf }: SpecInput): Pick<ContainerSpec, 'network' | 'sysctls'> {
  if (role === 'gateway') {
    if (network) throw refuse('a gateway that starts on an internal network');
    return { network: 'bridge', sysctls: { 'net.ipv4.ip_forward': '0' } };
  }
  if (successorOf !== undefined) return { network: { of: placeOf(successorOf, role) } };
  if (!network) return { network: 'none' };
  if (role !== 'install') throw refuse(`a network for a ${role}`);
  if (!/^[0-9a-f]{64}$/.test(network.id)) throw refuse(`the network ${JSON.stringify(network.id)}: not an id`);
  return { network: { id: network.id } };
}

/** Only of what never runs code: nothing is left there that a run could meet. */
function placeOf(container: string, role: Role): string {
  if (role !== 'warm' || !/^[0-9a-f]{64}$/.test(container)) throw refuse(`the network of ${JSON.stringify(container)} for a ${role}`);
  return container;
}

/**
 * With no network the engine would still copy the host's resolver into /etc/resolv.conf. On an internal one its own resolver
 * would hand names on to the host's (CVE-2024-29018): the gateway's address stops it, since no resolver listens there.
 */
function resolvers({ role, network }: SpecInput): string[] {
  if (role === 'gateway') return [];
  return [network ? network.gateway : '127.0.0.1'];
}

function refuse(what: string): PetriError {
  return new PetriError('internal', `Refused to build a container: ${what}.`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
