import { PetriError } from '../../engine/errors';
import type { EngineInfo } from '../../engine/ports/containerEngine';
import { request } from './call';
import { createClient, type Client } from './client';
import { printAddress, type Candidate } from './endpoints/address';
import { candidates } from './endpoints/candidates';
import type { Surroundings } from './endpoints/surroundings';
import { toPetriError, unreachable } from './errors';
import { seccompDelivery } from './seccompDelivery';
import { OLDEST_API, isPodman, negotiate, readInfo, type Version } from './engineInfo';

/** A dial that takes longer is no engine; over ssh, a login comes first. */
const PATIENCE = { local: 5_000, remote: 40_000 };
/** Of several failures the one to show: the one that is nearest to a working engine. */
const TELLING = ['engine-too-old', 'engine-forbidden', 'engine-failed', 'engine-stopped', 'engine-absent'];

/**
 * The way to the engine. Found at the first call that reaches one and kept from then on: a sandbox's volume lies on that
 * engine, so another one that happens to answer later is no substitute.
 */
export class Connection {
  private found: Promise<Client> | undefined;

  constructor(private readonly around: Surroundings, private readonly setting?: string) {}

  /** Rejects engine-absent, -stopped, -forbidden or -too-old; the next call looks again. */
  client(): Promise<Client> {
    const found = this.found ??= this.find();
    found.catch(() => { if (this.found === found) this.found = undefined; });
    return found;
  }

  async info(): Promise<EngineInfo> {
    const client = await this.client();
    try {
      const [version, info] = await Promise.all([
        request<Version>(client, { method: 'GET', path: '/version' }), request<object>(client, { method: 'GET', path: '/info' }),
      ]);
      // The engine may have been replaced by a newer one since it was found.
      client.speak(negotiate(version, client.endpoint));
      return readInfo(client.endpoint, version, info, client.seccomp);
    } catch (error) {
      throw toPetriError(error, 'ask the engine what it is', client.endpoint);
    }
  }

  close(): void {
    void this.found?.then((client) => client.close(), () => undefined);
  }

  private async find(): Promise<Client> {
    const places = candidates(this.around, this.setting);
    const failures: PetriError[] = [];
    for (const place of places) {
      const result = await dial(place, this.around.platform);
      if (!(result instanceof PetriError)) return result;
      failures.push(result);
    }
    const [worst] = failures.toSorted((a, b) => TELLING.indexOf(a.code) - TELLING.indexOf(b.code));
    if (failures.length === 1 || (worst && worst.code !== 'engine-absent')) throw withTried(worst!, places);
    throw new PetriError('engine-absent', 'No container engine was found on this machine.', {
      action: 'Install and start Docker or Podman; if one runs elsewhere, set DOCKER_HOST.', details: tried(places), cause: worst,
    });
  }
}

async function dial({ address, source }: Candidate, platform: NodeJS.Platform): Promise<Client | PetriError> {
  const endpoint = `${printAddress(address)} (${source})`;
  const client = createClient(address, endpoint);
  try {
    const patience = address.kind === 'socket' ? PATIENCE.local : PATIENCE.remote;
    const version = await request<Version>(client, { method: 'GET', path: '/version' }, patience);
    client.speak(negotiate(version, endpoint));
    client.podman = isPodman(version);
    client.seccomp = seccompDelivery(version, address, platform);
    return client;
  } catch (error) {
    client.close();
    if (error instanceof PetriError) return error;
    return unreachable(error, endpoint) ?? new PetriError('engine-failed', `What listens at ${endpoint} does not answer as an engine with API ${OLDEST_API} does.`, { cause: error });
  }
}

function withTried(error: PetriError, places: Candidate[]): PetriError {
  return new PetriError(error.code, error.message, { action: error.action, details: [...error.details ?? [], ...tried(places)], cause: error.cause });
}

function tried(places: Candidate[]): string[] {
  return places.map(({ address, source }) => `${printAddress(address)} (${source})`);
}
