import type { Readable } from 'node:stream';

/** A Docker-compatible engine, API ≥ 1.41. All calls reject with PetriError; none retries on its own. */
export interface ContainerEngine {
  /** Pings, checks the API version and says what the engine can do. Rejects engine-absent, -stopped, -forbidden, -too-old. */
  info(): Promise<EngineInfo>;

  inspectImage(reference: string): Promise<ImageInfo | undefined>;
  /** Rejects image-missing when no registry has it or none is reachable. */
  pullImage(reference: string, onProgress: (message: string) => void, signal?: AbortSignal): Promise<void>;
  /** Builds the context (a tar stream with a Dockerfile at its top). Rejects image-build-failed with the tail of the log, image-missing for its base. */
  buildImage(build: ImageBuild, onProgress: (message: string) => void, signal?: AbortSignal): Promise<void>;
  removeImage(reference: string): Promise<void>;
  listImages(labels: Labels): Promise<Array<{ id: string; tags: string[]; labels: Labels; bytes: number }>>;

  /** Idempotent for our own name. `bindPath` makes the volume that folder (PETRI_WORKSPACE_ROOT). */
  createVolume(name: string, labels: Labels, bindPath?: string): Promise<void>;
  inspectVolume(name: string): Promise<{ labels: Labels } | undefined>;
  /** Absent is success. */
  removeVolume(name: string): Promise<void>;
  listVolumes(labels: Labels): Promise<Array<{ name: string; labels: Labels }>>;
  /** Bytes by volume name, where the engine can tell. Slow on some engines. */
  volumeSizes(): Promise<Map<string, number>>;

  /** Answers the container's id. `spec` comes from the spec builder, nowhere else. */
  createContainer(name: string, spec: ContainerSpec): Promise<string>;
  /**
   * Unpacks a tar into a path of a container that was created and never started. Only ever for a volume that no user
   * code has touched: the engine resolves paths as host root (CVE-2026-41567).
   */
  seed(containerId: string, path: string, tar: Buffer): Promise<void>;
  /** Connects to stdin, stdout and stderr; call before start. */
  attach(containerId: string, tty?: boolean): Promise<Attachment>;
  startContainer(containerId: string): Promise<void>;
  /** Resolves when the container is no longer running. Absent containers reject not-found. */
  waitContainer(containerId: string): Promise<{ exitCode: number }>;
  inspectContainer(containerId: string): Promise<ContainerInfo | undefined>;
  /** Absent or not running is success. */
  killContainer(containerId: string, signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<void>;
  /** Force-removes with anonymous volumes; absent is success. */
  removeContainer(containerId: string): Promise<void>;
  /** Runs argv in a running container as its own user, output discarded; answers its exit code. */
  exec(containerId: string, argv: string[]): Promise<number>;
  resizeTty(containerId: string, columns: number, rows: number): Promise<void>;
  /** `imageId` as ImageInfo has it. */
  listContainers(labels: Labels): Promise<Array<{ id: string; name: string; labels: Labels; running: boolean; imageId: string }>>;

  /**
   * A network without a way out, on which no address of the engine's machine can be reached, and no IPv6. Answers its id.
   * Rejects engine-failed on an engine that cannot make one.
   */
  createInternalNetwork(name: string, labels: Labels): Promise<string>;
  /** Before the container's start: it has both networks from its first instruction on. */
  connectNetwork(networkId: string, containerId: string): Promise<void>;
  /** IPv4, of a container that was started; undefined when it is not on that network. */
  addressOn(networkId: string, containerId: string): Promise<string | undefined>;
  listNetworks(labels: Labels): Promise<Array<{ id: string; name: string; labels: Labels }>>;
  /** Absent is success; a container that still is on it, a conflict. */
  removeNetwork(id: string): Promise<void>;
}

export type Labels = Record<string, string>;

export interface EngineInfo {
  /** How it was found, printable: `unix:///var/run/docker.sock (context default)`. */
  endpoint: string;
  name: 'docker' | 'podman' | 'other';
  version: string; apiVersion: string;
  architecture: 'amd64' | 'arm64' | 'other';
  cpus: number; memoryBytes: number;
  rootless: boolean; seccomp: boolean; cgroupVersion: 1 | 2;
  defaultRuntime: string; runtimes: string[];
  /** False: it filters system calls, but only by a list of its own. */
  takesProfile?: boolean;
  /** What this engine's kernel cannot hold a container to, by the engine's own word. Absent: nothing is missing. */
  lacks?: Array<'memory' | 'swap' | 'cpus' | 'pids'>;
}

export interface ImageInfo {
  /** sha256:… */
  id: string;
  tags: string[]; environment: string[]; architecture: string; bytes: number; labels: Labels;
}

export interface ImageBuild {
  context: Readable; tag: string; buildArgs: Record<string, string>; labels: Labels;
}

/** What the spec builder makes and the adapter sends, in the engine's own terms. */
export interface ContainerSpec {
  image: string; command: string[]; environment: string[]; workingDirectory: string; user: string; labels: Labels;
  hostname: string; tty: boolean;
  mounts: Array<{ volume: string; target: string; readOnly: boolean }>;
  tmpfs: Record<string, string>;
  /** nanoCpus 0: the engine cannot limit processor time. memorySwapBytes counts memory and swap together. */
  limits: { nanoCpus: number; memoryBytes: number; memorySwapBytes: number; pids: number; nofile: number; fileSizeBytes: number; coreBytes: number };
  /**
   * bridge: the engine's own, with a way out; for gateways alone. id: of an internal network. of: the one of a running container,
   * whose host name and resolver come with it.
   */
  network: 'none' | 'bridge' | { id: string } | { of: string };
  /** Kernel settings of its own network; undefined for none. */
  sysctls?: Record<string, string>;
  /** A profile as JSON; '' leaves the engine its own default, for engines and processors ours does not fit. */
  seccompProfile: string;
  runtime?: string;
  hardening: Hardening;
}

/** The rows of the container table that no sandbox varies. Values live in the spec builder; the adapter only translates them. */
export interface Hardening {
  dropCapabilities: string[];
  noNewPrivileges: boolean;
  readOnlyRoot: boolean;
  init: boolean;
  ipc: string;
  /** undefined: the engine's default, on cgroup v1. */
  cgroupNamespace: string | undefined;
  logDriver: string;
  dns: string[];
  dnsSearch: string[];
}

export interface ContainerInfo {
  id: string; running: boolean; exitCode: number; oomKilled: boolean; error: string; labels: Labels; startedAt: string; finishedAt: string;
}

/** Live stdio of one container. Bytes arrive in the engine's order for each stream. */
export interface Attachment {
  /** Resolves when the bytes have left this process, and their memory may be used again: back-pressure for callers who await. */
  write(chunk: Uint8Array): Promise<void>;
  /** Closes the container's stdin; output goes on. */
  endInput(): void;
  /** One consumer at a time. Returning a promise pauses the engine's stream until it settles: back-pressure. */
  onOutput(consumer: (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>): void;
  /** Resolves when the engine closed the stream (the container ended, or the connection was lost). Never rejects. */
  readonly closed: Promise<void>;
  destroy(): void;
}
