import type { ContainerEngine, Labels } from '../../engine/ports/containerEngine';
import { carries, labelFilter, type EngineCalls } from './engineCalls';

interface Network { Id: string; Name: string; Labels?: Labels | null }

export function networkCalls(calls: EngineCalls): Pick<ContainerEngine, 'listNetworks' | 'removeNetwork'> {
  return {
    async listNetworks(labels) {
      const networks = await calls.json<Network[]>('list networks', { method: 'GET', path: '/networks', query: { filters: labelFilter(labels) } });
      return networks.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels ?? {} })).filter(carries(labels));
    },
    async removeNetwork(id) {
      await calls.maybe(`remove the network ${id}`, { method: 'DELETE', path: `/networks/${encodeURIComponent(id)}` });
    },
  };
}
