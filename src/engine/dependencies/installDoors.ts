import type { Decision, Door, RegistryHosts } from '../gateway/door';
import { openDoor } from '../gateway/openDoor';
import { httpsHost } from '../gateway/policy/hostName';
import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Emit } from '../service';
import type { InstallStep } from './adapter';
import type { StepWork } from './installStep';

/** The doors of one install: the registries' for all its steps, and one of its own for a step that names its hosts. */
export class InstallDoors {
  private readonly opened = new Map<string, Door>();

  constructor(private readonly live: LiveSandbox, private readonly emit: Emit, private readonly signal: AbortSignal) {}

  /** Opens it when it is asked for first. Rejects as openDoor. */
  async through({ hosts: own }: InstallStep, registries: RegistryHosts): Promise<NonNullable<StepWork['through']>> {
    const hosts = own === undefined ? registries : { hosts: own, aliases: {}, named: registries.named };
    const key = JSON.stringify(hosts.hosts);
    let door = this.opened.get(key);
    if (!door) {
      const onProgress = (message: string) => void this.emit({ event: 'progress', data: { stage: 'dependencies', message } });
      door = await openDoor(this.live.deps, { sandboxId: this.live.id, runId: '', hosts, onProgress, signal: this.signal });
      this.opened.set(key, door);
    }
    return { door, hosts };
  }

  /** Of all of them, in the order of their opening. */
  decisions(): Decision[] {
    return [...this.opened.values()].flatMap((door) => door.decisions());
  }

  async close(): Promise<void> {
    for (const door of this.opened.values()) await door.close().catch((error: unknown) => this.live.deps.log(`${this.live.id}: closing a door: ${String(error)}`));
  }
}

/** With the hosts of these addresses, as far as they can be reached safely. */
export function withMore(registries: RegistryHosts, addresses: readonly string[]): RegistryHosts {
  const more = addresses.map(httpsHost).filter((host) => host !== undefined && !(host in registries.aliases)) as string[];
  return more.length === 0 ? registries : { ...registries, hosts: [...new Set([...registries.hosts, ...more])] };
}
