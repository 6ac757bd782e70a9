import type * as z from 'zod';
import type { StateEvent } from '../../protocol/events';
import type { Done, Run } from '../../protocol/run';
import type { Cleanup, CleanupItem, CleanupResult, RunnerStatus } from '../../protocol/runner';
import type { SbomFormat } from '../../protocol/sbom';
import type { CreateSandbox, Sandbox as SandboxInfo } from '../../protocol/sandbox';
import { FRAMES_TYPE } from '../../protocol/frames';
import { Client, query } from './client';
import { connect, find, type ConnectorOptions } from './connector';
import { readEvents, readToDone, toRunEvent, type WorkHandlers } from './events';
import { Lease } from './lease';
import type { OutputChunk } from './output';
import { placeOf, type PlaceOptions } from './localFiles';
import { Sandbox } from './sandbox';
import { Transport, readAll } from './transport';

/** How to reach the user's runner. */
export interface PetriOptions extends PlaceOptions {
  /** dist/runner/petri.cjs, to start the runner with when none is there. Without it none is started. */
  entry?: string;
  /** The Node, or the editor that can be one, to start it with. Default: this process's own. */
  execPath?: string;
  /** This client's version, `1.2.3`: an idle runner that is older makes way. */
  version: string;
  /** Who this client is, for `created_by`: `cli`, `vscode`, … */
  client?: string;
  /** Until a runner that was started must answer; default 20,000 ms. */
  startTimeoutMs?: number;
  /** Until an older runner's runs must be over; default 60,000 ms. */
  drainTimeoutMs?: number;
  /** Sentences about what is waited for. */
  onProgress?: (message: string) => void;
}

/** How a run is followed that somebody started, perhaps long ago. */
export interface FollowOptions extends Pick<WorkHandlers, 'onOutput'> {
  from?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What `cleanup` removed, and what it could not. */
export type CleanupOutcome = z.output<typeof CleanupResult>;

/** The user's runner. Every method rejects PetriClientError. */
export class Petri {
  readonly #client: Client;
  readonly #transport: Transport;

  private constructor(transport: Transport, client: Client) {
    this.#transport = transport;
    this.#client = client;
  }

  /**
   * Finds the runner, or starts it; asks an older one to leave first. When the runner dies later, the next call finds or
   * starts its successor. Rejects runner-version when a newer one is there, and with the runner's own reason when it cannot start.
   */
  static async connect(options: PetriOptions): Promise<Petri> {
    const transport = new Transport();
    const connector = connectorOptions(options);
    try {
      const found = await connect(transport, connector);
      return new Petri(transport, new Client(transport, found, options.client ?? 'sdk', () => connect(transport, connector)));
    } catch (error) {
      transport.close();
      throw error;
    }
  }

  /** The runner that is there, of whatever version, to ask for its status or to stop it; undefined when there is none. Starts nothing. */
  static async find(options: PlaceOptions & { client?: string } = {}): Promise<Petri | undefined> {
    const transport = new Transport();
    try {
      const found = await find(transport, placeOf(options));
      if (found) return new Petri(transport, new Client(transport, found, options.client ?? 'sdk', undefined));
    } catch (error) {
      transport.close();
      throw error;
    }
    transport.close();
    return undefined;
  }

  /** What the runner and its engine are and do. */
  status(): Promise<RunnerStatus> {
    return this.#client.json('GET', '/v1/runner');
  }

  /** drain: active runs end first. now: they are cancelled. Answers when the runner has taken note. */
  async stop(mode: 'drain' | 'now' = 'drain'): Promise<void> {
    await this.#client.json('POST', '/v1/runner/stop', { mode });
  }

  /** Keeps the runner until released or this process ends. */
  async lease(): Promise<Lease> {
    return new Lease(await this.#client.send({ method: 'GET', path: '/v1/runner/lease' }));
  }

  /** A lease that tells the state of things, and then what changes, as it happens. Nothing is asked for again and again. */
  async watch(onEvent: (event: StateEvent) => void): Promise<Lease> {
    return new Lease(await this.#client.send({ method: 'GET', path: '/v1/events' }), onEvent);
  }

  /** Newest first; `active` leaves out the stopped ones. */
  async sandboxes(options: { active?: boolean; limit?: number; offset?: number } = {}): Promise<Sandbox[]> {
    const { active, ...page } = options;
    const infos = await this.#client.json<SandboxInfo[]>('GET', `/v1/sandboxes${active ? '/active' : ''}${query(page)}`);
    return infos.map((info) => new Sandbox(this.#client, info));
  }

  /** By id. Rejects not-found. */
  async sandbox(id: string): Promise<Sandbox> {
    return new Sandbox(this.#client, await this.#client.json('GET', `/v1/sandboxes/${encodeURIComponent(id)}`));
  }

  /** Creates a sandbox; with `folder`, answers the one that the folder has already. */
  async create(request: CreateSandbox = {}): Promise<Sandbox> {
    const body = { created_by: this.#client.name, ...request };
    // A folder has one sandbox, however often it is asked for.
    return new Sandbox(this.#client, await this.#client.json('POST', '/v1/sandboxes', body, { repeatable: request.folder !== undefined }));
  }

  /** By id. Rejects not-found. */
  run(id: string): Promise<Run> {
    return this.#client.json('GET', `/v1/runs/${encodeURIComponent(id)}`);
  }

  /** Ends a run's whole process tree; answers the run. */
  cancelRun(id: string): Promise<Run> {
    return this.#client.json('POST', `/v1/runs/${encodeURIComponent(id)}/cancel`);
  }

  /**
   * What a run has written, from a byte on (negative: so many before what is there now), and then what it writes, up to its end.
   * Reads the run's log: a slow reader holds nobody back, and a run may be followed by many. Aborting ends the following, not the run.
   */
  async follow(id: string, options: FollowOptions = {}): Promise<Done> {
    const { from, signal, onOutput } = options;
    const response = await this.#client.send({ method: 'GET', path: `/v1/runs/${encodeURIComponent(id)}/events${query({ from })}`, signal });
    return readToDone(response, { onOutput }, signal);
  }

  /** What a run wrote, in the order it came, as far as it was kept; `from` as in follow. */
  runLog(id: string, options: { from?: number } = {}): AsyncGenerator<OutputChunk, void, undefined> {
    return this.#log(`/v1/runs/${encodeURIComponent(id)}/log${query(options)}`);
  }

  /** What was installed where a run ran: a CycloneDX 1.6 or SPDX 2.3 document, as text. See sbomRows for a table of it. */
  async sbom(runId: string, format: SbomFormat = 'cyclonedx'): Promise<string> {
    const response = await this.#client.send({ method: 'GET', path: `/v1/runs/${encodeURIComponent(runId)}/sbom${query({ format })}` });
    return (await readAll(response)).toString('utf8');
  }

  /** What an install said, by the id of its dependency set. */
  installLog(setId: string): AsyncGenerator<OutputChunk, void, undefined> {
    return this.#log(`/v1/dependencies/${encodeURIComponent(setId)}/log`);
  }

  /** What could be removed, with sizes; nothing is touched. */
  async cleanupPreview(): Promise<CleanupItem[]> {
    return (await this.#client.json<z.output<typeof Cleanup>>('GET', '/v1/cleanup')).items;
  }

  /** Removes what was named by the preview's ids. */
  cleanup(ids: string[]): Promise<CleanupOutcome> {
    return this.#client.json('POST', '/v1/cleanup', { ids });
  }

  async *#log(path: string): AsyncGenerator<OutputChunk, void, undefined> {
    for await (const raw of readEvents(await this.#client.send({ method: 'GET', path, accept: FRAMES_TYPE }))) {
      const event = raw.event === 'output' ? toRunEvent(raw) : undefined;
      if (event?.event === 'output') yield { stream: event.stream, chunk: event.chunk };
    }
  }

  /** Ends this client's connections: runs of it that were not told to continue are cancelled. The runner stays. */
  close(): void {
    this.#transport.close();
  }
}

function connectorOptions(options: PetriOptions): ConnectorOptions {
  const { entry, execPath = process.execPath, version, startTimeoutMs = 20_000, drainTimeoutMs = 60_000, onProgress } = options;
  const program = entry === undefined ? undefined : { entry, execPath };
  return { place: placeOf(options), program, version, startTimeoutMs, drainTimeoutMs, onProgress };
}
