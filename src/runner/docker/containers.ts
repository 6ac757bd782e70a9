import { PetriError } from '../../engine/errors';
import type { ContainerEngine, Labels } from '../../engine/ports/containerEngine';
import { SocketAttachment } from './attachment';
import { hijack } from './call';
import { containerBody } from './containerBody';
import { carries, labelFilter, type EngineCalls } from './engineCalls';
import { withSeccomp } from './seccompDelivery';

interface Inspected {
  Id: string; Config: { Labels?: Labels | null };
  State: { Running: boolean; ExitCode: number; OOMKilled: boolean; Error: string; StartedAt: string; FinishedAt: string };
}
interface Listed { Id: string; Names?: string[]; Labels?: Labels | null; State: string; ImageID?: string }
interface Waited { StatusCode: number; Error?: { Message: string } | null }

type ContainerCalls = Pick<ContainerEngine,
  'createContainer' | 'seed' | 'attach' | 'startContainer' | 'waitContainer' | 'inspectContainer' | 'killContainer' | 'removeContainer' |
  'resizeTty' | 'listContainers'>;

export function containerCalls(calls: EngineCalls): ContainerCalls {
  const path = (id: string, rest = '') => `/containers/${encodeURIComponent(id)}${rest}`;
  return {
    async createContainer(name, spec) {
      const what = `create the container ${name}`;
      const { seccomp: delivery } = await calls.client();
      const created = await withSeccomp(delivery, spec.seccompProfile, (seccomp) => calls.maybe<{ Id: string }>(what, {
        method: 'POST', path: '/containers/create', query: { name }, body: containerBody(spec, seccomp),
      }));
      if (created) return created.Id;
      throw new PetriError('image-missing', `The engine has no image ${spec.image}.`, { action: 'Run again: it is built or pulled then.' });
    },
    async seed(id, target, tar) {
      await calls.json('fill the new volume', { method: 'PUT', path: path(id, '/archive'), query: { path: target, noOverwriteDirNonDir: 'true' }, file: tar });
    },
    attach(id, tty = false) {
      return calls.guard('connect to the container', undefined, async (client) => {
        const socket = await hijack(client, path(id, '/attach'), { stream: 'true', stdin: 'true', stdout: 'true', stderr: 'true' });
        if (!socket) throw new PetriError('engine-failed', 'The engine, or a proxy before it, does not hand over the connection to a container.');
        return new SocketAttachment(socket, tty);
      });
    },
    async startContainer(id) {
      await calls.json('start the container', { method: 'POST', path: path(id, '/start') });
    },
    async waitContainer(id) {
      const what = 'wait for the container';
      const answer = await calls.json<Waited | undefined>(what, { method: 'POST', path: path(id, '/wait'), query: { condition: 'not-running' } }, Infinity);
      // An engine that goes down may end its answer early, and a missing code must not read as 0.
      if (typeof answer?.StatusCode !== 'number' || answer.Error) {
        throw new PetriError('engine-failed', `The engine lost the container: ${answer?.Error?.Message ?? 'it ended its answer without an exit code'}.`);
      }
      return { exitCode: answer.StatusCode };
    },
    async inspectContainer(id) {
      const found = await calls.maybe<Inspected>('look at the container', { method: 'GET', path: path(id, '/json') });
      if (!found) return undefined;
      const { State: state } = found;
      return {
        id: found.Id, running: state.Running, exitCode: state.ExitCode, oomKilled: state.OOMKilled, error: state.Error,
        labels: found.Config.Labels ?? {}, startedAt: state.StartedAt, finishedAt: state.FinishedAt,
      };
    },
    async killContainer(id, signal) {
      const what = 'stop the container';
      await calls.maybe(what, { method: 'POST', path: path(id, '/kill'), query: { signal } }, [404, 409]).catch(async (error: unknown) => {
        // Podman says "not running" as a 500, like any failure of its own.
        const found = await calls.maybe<Inspected>(what, { method: 'GET', path: path(id, '/json') });
        if (found?.State.Running) throw error;
      });
    },
    async removeContainer(id) {
      // 409: somebody else is removing it already.
      await calls.maybe('remove the container', { method: 'DELETE', path: path(id), query: { force: 'true', v: 'true' } }, [404, 409]);
    },
    async resizeTty(id, columns, rows) {
      await calls.json('resize the terminal', { method: 'POST', path: path(id, '/resize'), query: { w: String(columns), h: String(rows) } });
    },
    async listContainers(labels) {
      const found = await calls.json<Listed[]>('list containers', { method: 'GET', path: '/containers/json', query: { all: 'true', filters: labelFilter(labels) } });
      return found.map(({ Id, Names, Labels: own, State, ImageID }) => ({
        id: Id, name: (Names?.[0] ?? '').replace(/^\//, ''), labels: own ?? {}, running: State === 'running', imageId: ImageID ?? '',
      })).filter(carries(labels));
    },
  };
}
