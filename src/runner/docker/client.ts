import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import type { Address } from './endpoints/address';
import type { SeccompDelivery } from './seccompDelivery';
import { SshAgent } from './endpoints/sshAgent';

/** A dockerode client for one address, with connections of its own that stay open between calls. */
export interface Client {
  docker: Docker;
  /** Printable. */
  endpoint: string;
  /** Both known once it has answered. */
  podman: boolean;
  seccomp: SeccompDelivery;
  /** The version spoken, `v1.41`; undefined before `speak`. */
  readonly api: string | undefined;
  /** Sets the API version of every later call; without one the engine speaks its newest. */
  speak(version: string): void;
  close(): void;
}

export function createClient(address: Address, endpoint: string): Client {
  const agent = createAgent(address);
  // docker-modem formats all options of every request for its debug log, wanted or not; an agent holds every open socket.
  Object.defineProperty(agent, inspect.custom, { value: () => 'agent' });
  const target = address.kind === 'socket' ? { socketPath: address.path, host: undefined, port: undefined }
    : address.kind === 'tcp' ? { host: address.host.includes(':') ? `[${address.host}]` : address.host, port: address.port }
      : { host: 'engine', port: 80 };
  const options = { ...target, protocol: address.kind === 'tcp' && address.tls ? 'https' as const : 'http' as const, agent };
  const docker = withoutModemDefaults(() => new Docker(options));
  const modem = docker.modem as { version?: string };
  return {
    get api() { return modem.version; },
    docker, endpoint, podman: false, seccomp: 'inline', close: () => agent.destroy(),
    speak: (version) => { modem.version = version; },
  };
}

function createAgent(address: Address): Agent {
  if (address.kind === 'ssh') return new SshAgent(address);
  const options = { keepAlive: true, scheduling: 'lifo' as const };
  if (address.kind === 'socket' || !address.tls) return new Agent(options);
  const { ca, cert, key, verify } = address.tls;
  return new TlsAgent({ ...options, ca, cert, key, rejectUnauthorized: verify });
}

/** docker-modem's constructor reads these itself whatever it is told, and throws on what it cannot use. */
function withoutModemDefaults<T>(make: () => T): T {
  const names = ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_CLIENT_TIMEOUT', 'DOCKER_PATH_PREFIX'];
  const saved = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  try {
    return make();
  } finally {
    for (const [name, value] of saved) if (value !== undefined) process.env[name] = value;
  }
}
