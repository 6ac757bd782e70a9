import { createHash } from 'node:crypto';
import { PetriError } from '../errors';
import type { ContainerSpec, EngineInfo, Hardening, Labels } from '../ports/containerEngine';
import type { Limits } from '../../protocol/sandbox';
import { seccompProfile } from './seccomp';

/** Prefix of every label on the engine. */
export const LABEL = 'dev.jhansi.petri.';

export type Role = 'warm' | 'run' | 'terminal';
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
  /** One of the engine's runtimes; its default when absent. */
  runtime?: string;
  engine: EngineInfo;
}

/**
 * The container table, as far as it is the same for every sandbox. CIS Docker Benchmark 5.x, and:
 * - ipc none: no segment of another container can be joined; /dev/shm comes back as a tmpfs of its own below;
 * - log driver none: output cannot fill the engine's disk, and attach streams four times faster;
 * - dns: with no network the engine would still copy the host's resolver and search domain into /etc/resolv.conf.
 */
const HARDENING: Omit<Hardening, 'cgroupNamespace'> = {
  dropCapabilities: ['ALL'], noNewPrivileges: true, readOnlyRoot: true, init: true, ipc: 'none', logDriver: 'none',
  dns: ['127.0.0.1'], dnsSearch: ['.'],
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
    mounts: input.mounts.map(mount),
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
    network: 'none',
    seccompProfile: engine.seccomp && engine.takesProfile !== false ? seccompProfile(engine.architecture) : '',
    runtime: input.runtime,
    hardening: { ...HARDENING, cgroupNamespace: engine.cgroupVersion === 2 ? 'private' : undefined },
  };
}

/** Two containers with the same key can stand in for each other. Labels are left out: they say whose it is, not what it is. */
export function specKey(spec: ContainerSpec): string {
  return createHash('sha256').update(JSON.stringify(sorted({ ...spec, labels: undefined }))).digest('hex');
}

function labels(input: SpecInput): Labels {
  return {
    [`${LABEL}install`]: input.installId, [`${LABEL}sandbox`]: input.sandboxId,
    [`${LABEL}run`]: input.runId, [`${LABEL}role`]: input.role,
  };
}

/**
 * Only a volume by our own name passes: no separator, so no host path, device or socket can be spelt (CVE-2026-6406), and a
 * target that cannot shadow the system's own folders.
 */
function mount({ volume, target, readOnly = false }: Mount): ContainerSpec['mounts'][number] {
  if (!/^petri-[a-z0-9][a-z0-9_.-]{0,120}$/.test(volume)) throw refuse(`mount of ${JSON.stringify(volume)}: not a volume of ours`);
  if (!/^\/sandbox(\/[a-z][a-z0-9_-]*)*$/.test(target)) throw refuse(`mount at ${JSON.stringify(target)}: outside /sandbox`);
  return { volume, target, readOnly };
}

function refuse(what: string): PetriError {
  return new PetriError('internal', `Refused to build a container: ${what}.`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
