import { PetriError } from '../../engine/errors';
import type { ContainerEngine, Labels } from '../../engine/ports/containerEngine';
import { carries, labelFilter, type EngineCalls } from './engineCalls';

interface Volume { Name: string; Labels?: Labels | null; UsageData?: { Size: number } | null }

type VolumeCalls = Pick<ContainerEngine, 'createVolume' | 'inspectVolume' | 'removeVolume' | 'listVolumes' | 'volumeSizes'>;

export function volumeCalls(calls: EngineCalls): VolumeCalls {
  const path = (name: string) => `/volumes/${encodeURIComponent(name)}`;
  return {
    async createVolume(name, labels, bindPath) {
      const { podman } = await calls.client();
      const options = bindPath !== undefined ? { type: 'none', o: 'bind', device: bindPath }
        // Else Podman gives a new volume to the first user who mounts it, who could then replace the folders in its root.
        : podman ? { o: 'uid=0,gid=0' } : undefined;
      const volume = await calls.json<Volume>(`create the volume ${name}`, { method: 'POST', path: '/volumes/create', body: { Name: name, Driver: 'local', Labels: labels, DriverOpts: options } });
      // The engine answers an existing volume of that name as if it had made it: never adopt somebody else's.
      if (Object.entries(labels).some(([key, value]) => volume.Labels?.[key] !== value)) {
        throw new PetriError('conflict', `A volume named ${name} exists on the engine and is not this installation's.`, { action: `Rename or remove it: docker volume inspect ${name}` });
      }
    },
    async inspectVolume(name) {
      const volume = await calls.maybe<Volume>(`look at the volume ${name}`, { method: 'GET', path: path(name) });
      return volume && { labels: volume.Labels ?? {} };
    },
    async removeVolume(name) {
      await calls.maybe(`remove the volume ${name}`, { method: 'DELETE', path: path(name) });
    },
    async listVolumes(labels) {
      const { Volumes } = await calls.json<{ Volumes: Volume[] | null }>('list volumes', { method: 'GET', path: '/volumes', query: { filters: labelFilter(labels) } });
      return (Volumes ?? []).map((volume) => ({ name: volume.Name, labels: volume.Labels ?? {} })).filter(carries(labels));
    },
    async volumeSizes() {
      // `type` is known from API 1.42 on; older engines ignore it and measure images too.
      const { Volumes } = await calls.json<{ Volumes: Volume[] | null }>('measure volumes', { method: 'GET', path: '/system/df', query: { type: 'volume' } }, Infinity);
      return new Map((Volumes ?? []).flatMap(({ Name, UsageData }) => (UsageData && UsageData.Size >= 0 ? [[Name, UsageData.Size] as const] : [])));
    },
  };
}
