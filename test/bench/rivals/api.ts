import type { Duplex } from 'node:stream';
import { Demultiplexer } from '../../../src/runner/docker/demultiplexer';
import type { EngineApi } from '../engineApi';
import { Stopwatch, type Outcome } from '../outcome';

/** What the rival's containers are made of. */
export interface ContainerWish {
  name: string;
  image: string;
  command: readonly string[];
  /** `volume:target`. */
  binds?: readonly string[];
  /** NAME=value. */
  env?: readonly string[];
  /** The engine's own network, where the machine's is reached; else none. */
  network?: boolean;
}

/** Creates a container as lean as an ordinary one can be: no network to set up unless it is wanted, no log to write. Answers its id. */
export async function createContainer(api: EngineApi, { name, image, command, binds = [], env = [], network = false }: ContainerWish): Promise<string> {
  const { Id } = await api.json<{ Id: string }>('POST', `/containers/create?name=${name}`, {
    Image: image, Cmd: command, Env: env, User: '0', AttachStdout: true, AttachStderr: true,
    HostConfig: { NetworkMode: network ? 'bridge' : 'none', LogConfig: { Type: 'none' }, Binds: binds },
  });
  return Id;
}

/** `docker exec` without the command line's own start: create, start, follow, ask for the exit code. */
export async function apiExec(api: EngineApi, container: string, argv: readonly string[], folder = '/'): Promise<Outcome> {
  const watch = new Stopwatch();
  const { Id } = await api.json<{ Id: string }>('POST', `/containers/${container}/exec`, {
    Cmd: argv, WorkingDir: folder, AttachStdout: true, AttachStderr: true,
  });
  await follow(await api.hijack(`/exec/${Id}/start`, { Detach: false, Tty: false }), (chunk) => watch.take(chunk));
  const { ExitCode } = await api.json<{ ExitCode: number }>('GET', `/exec/${Id}/json`);
  return watch.end(ExitCode);
}

/** `docker run` without the command line: create, attach, start, follow, wait. Removing it comes after the clock stopped. */
export async function apiRun(api: EngineApi, wish: ContainerWish): Promise<Outcome> {
  const watch = new Stopwatch();
  const id = await createContainer(api, wish);
  try {
    const output = follow(await attach(api, id), (chunk) => watch.take(chunk));
    await api.json('POST', `/containers/${id}/start`);
    const waited = api.json<{ StatusCode: number }>('POST', `/containers/${id}/wait`);
    await output;
    return watch.end((await waited).StatusCode);
  } finally {
    await api.json('DELETE', `/containers/${id}?force=1&v=1`);
  }
}

/** What a container will write. */
export function attach(api: EngineApi, id: string): Promise<{ socket: Duplex; head: Buffer }> {
  return api.hijack(`/containers/${id}/attach?stream=1&stdout=1&stderr=1`);
}

/** Settles at the stream's end; both of the program's streams count as output. */
export function follow({ socket, head }: { socket: Duplex; head: Buffer }, consume: (chunk: Buffer) => void): Promise<void> {
  const frames = new Demultiplexer((_stream, chunk) => consume(chunk));
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', resolve).on('end', () => socket.end());
    if (head.length > 0) void frames.push(head);
    socket.on('data', (chunk: Buffer) => void frames.push(chunk));
  });
}
