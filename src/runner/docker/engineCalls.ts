import { PetriError } from '../../engine/errors';
import type { Labels } from '../../engine/ports/containerEngine';
import { open, request, type Call } from './call';
import type { Client } from './client';
import { statusOf, toPetriError } from './errors';
import type { Connection } from './connection';
import type { IncomingMessage } from 'node:http';

/** Calls on the engine whose every failure is a PetriError. `what` completes the sentence "Could not …". */
export class EngineCalls {
  constructor(private readonly connection: Connection) {}

  client(): Promise<Client> {
    return this.connection.client();
  }

  /** `patience`: ms until the engine counts as hung; Infinity for calls that last. */
  async json<T>(what: string, call: Call, patience?: number): Promise<T> {
    return this.guard(what, call.signal, (client) => request<T>(client, call, patience));
  }

  async stream(what: string, call: Call): Promise<IncomingMessage> {
    return this.guard(what, call.signal, (client) => open(client, call));
  }

  /** As `json`, answering undefined for the statuses that `absent` names. */
  async maybe<T>(what: string, call: Call, absent: number[] = [404]): Promise<T | undefined> {
    return this.guard(what, call.signal, (client) => request<T>(client, call).catch((error: unknown) => {
      if (absent.includes(statusOf(error) ?? 0)) return undefined;
      throw error;
    }));
  }

  /** Runs anything that talks to the client under the same mapping. */
  async guard<T>(what: string, signal: AbortSignal | undefined, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.client();
    try {
      return await work(client);
    } catch (error) {
      if (signal?.aborted) throw new PetriError('cancelled', `Stopped before it could ${what}.`, { cause: error });
      throw toPetriError(error, what, client.endpoint);
    }
  }
}

/** Podman lists volumes and images that carry any of the labels asked for, Docker those that carry all: so look again. */
export function carries(wanted: Labels): (thing: { labels: Labels }) => boolean {
  return ({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Docker's filter syntax for things that carry all these labels. */
export function labelFilter(labels: Labels): string {
  return JSON.stringify({ label: Object.entries(labels).map(([key, value]) => `${key}=${value}`) });
}
