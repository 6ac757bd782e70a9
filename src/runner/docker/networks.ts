import { PetriError } from '../../engine/errors';
import type { ContainerEngine, Labels } from '../../engine/ports/containerEngine';
import type { Client } from './client';
import { carries, labelFilter, type EngineCalls } from './engineCalls';

interface Network { Id: string; Name: string; Labels?: Labels | null }
interface Attached { NetworkSettings: { Networks?: Record<string, { NetworkID: string; IPAddress: string }> | null } }

type NetworkCalls = Pick<ContainerEngine, 'createInternalNetwork' | 'connectNetwork' | 'addressOn' | 'listNetworks' | 'removeNetwork'>;

export function networkCalls(calls: EngineCalls): NetworkCalls {
  const path = (id: string, rest = '') => `/networks/${encodeURIComponent(id)}${rest}`;
  return {
    async createInternalNetwork(name, labels) {
      const created = await calls.json<{ Id: string }>(`create the network ${name}`, {
        method: 'POST', path: '/networks/create',
        body: { Name: name, CheckDuplicate: true, Driver: 'bridge', Internal: true, Attachable: false, EnableIPv6: false, Labels: labels, Options: isolation(await calls.client()) },
      });
      return created.Id;
    },
    async connectNetwork(network, container) {
      await calls.json('connect the container to its network', { method: 'POST', path: path(network, '/connect'), body: { Container: container } });
    },
    async addressOn(network, container) {
      const found = await calls.maybe<Attached>('look at the container', { method: 'GET', path: `/containers/${encodeURIComponent(container)}/json` });
      return Object.values(found?.NetworkSettings.Networks ?? {}).find(({ NetworkID }) => NetworkID === network)?.IPAddress || undefined;
    },
    async listNetworks(labels) {
      const networks = await calls.json<Network[]>('list networks', { method: 'GET', path: '/networks', query: { filters: labelFilter(labels) } });
      return networks.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels ?? {} })).filter(carries(labels));
    },
    async removeNetwork(id) {
      await calls.maybe(`remove the network ${id}`, { method: 'DELETE', path: path(id) });
    },
  };
}

/**
 * "Internal" alone still reaches every port of the engine's machine through the bridge's address. Engine 28 has a mode in
 * which the bridge has none; before it, an option of the bridge driver does the same for IPv4.
 */
function isolation({ podman, api }: Client): Record<string, string> {
  if (podman) throw new PetriError('engine-failed', 'Podman cannot cut a network off from its own machine, so nothing is installed on it.', { action: 'Use Docker for sandboxes that install dependencies.' });
  return Number(api?.split('.')[1]) >= 48
    ? { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated', 'com.docker.network.bridge.gateway_mode_ipv6': 'isolated' }
    : { 'com.docker.network.bridge.inhibit_ipv4': 'true' };
}
