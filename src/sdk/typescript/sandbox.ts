import type { Changes, Pulled, Verified } from '../../protocol/changes';
import type { Exec, Run, Synced } from '../../protocol/run';
import type * as z from 'zod';
import type { AddDependency, ManifestEdit, MissingImport, MissingImports } from '../../protocol/missing';
import type { Dependencies, DependencySet } from '../../protocol/dependencies';
import type { Sandbox as SandboxInfo, SandboxSettings } from '../../protocol/sandbox';
import { query, type Client } from './client';
import { readToDone, type WorkHandlers } from './events';
import { RunHandle, type ExecOptions, type ExecRequest } from './runHandle';
import { TerminalHandle, type TerminalOptions, type TerminalRequest } from './terminalHandle';
import { readAll } from './transport';

/** What long work may be given besides its handlers. Aborting gives the work up. */
export interface WorkOptions extends WorkHandlers {
  signal?: AbortSignal | undefined;
}

/** A sandbox as a client sees it. Every method rejects PetriClientError. */
export class Sandbox {
  readonly #client: Client;
  #info: SandboxInfo;

  /** @internal Use Petri. */
  constructor(client: Client, info: SandboxInfo) {
    this.#client = client;
    this.#info = info;
  }

  get id(): string {
    return this.#info.id;
  }

  /** As the runner last told. */
  get info(): SandboxInfo {
    return this.#info;
  }

  /** Asks the runner again. */
  async refresh(): Promise<SandboxInfo> {
    return this.#keep(await this.#client.json('GET', this.#path()));
  }

  /**
   * Syncs the folder, then runs a command in a fresh container. A string goes to `sh -c`; an array is an argv, run as it is. The request is
   * sent at once; see RunHandle for how to follow it.
   */
  exec(request: string | string[] | ExecRequest, options: ExecOptions = {}): RunHandle {
    const full = typeof request === 'string' || Array.isArray(request) ? { command: request } : request;
    const body: Exec = { created_by: this.#client.name, ...full, stdin: options.stdin !== undefined };
    return new RunHandle(this.#client, { method: 'POST', path: this.#path('/exec'), body }, body.on_disconnect === 'continue', options);
  }

  /** Syncs the folder, then opens a terminal in a fresh container: a shell, or the command that is asked for. Closing the connection ends it. */
  terminal(request: TerminalRequest, options: TerminalOptions = {}): TerminalHandle {
    return new TerminalHandle(this.#client, this.#path('/terminal'), request, options);
  }

  /** Sends what changed in the folder, without running anything. */
  async sync(options: WorkOptions = {}): Promise<Synced> {
    const response = await this.#client.send({ method: 'POST', path: this.#path('/sync'), signal: options.signal });
    return readToDone(response, options, options.signal);
  }

  /** Hashes the whole tree on both sides and compares. */
  async verify(options: WorkOptions = {}): Promise<Verified> {
    const response = await this.#client.send({ method: 'GET', path: this.#path('/verify'), signal: options.signal });
    return readToDone(response, options, options.signal);
  }

  /** What runs changed and the folder on the host does not have. `known`: as last seen, without waking the sandbox or counting as activity. */
  changes(options: { known?: boolean } = {}): Promise<Changes> {
    return this.#client.json('GET', this.#path(`/changes${query({ known: options.known ? 'true' : undefined })}`));
  }

  /** The sandbox's version of one file, at most 64 MiB. `path` is relative to the workspace. */
  async readFile(path: string): Promise<Buffer> {
    return readAll(await this.#client.send({ method: 'GET', path: this.#path(`/file${query({ path })}`) }));
  }

  /** Brings changes to the host: those under `paths`, or all. A host file that changed meanwhile is refused, never overwritten. */
  pull(paths?: string[]): Promise<Pulled> {
    return this.#client.json('POST', this.#path('/pull'), { paths });
  }

  /** What there is to install from, what is installed, and how the latest install went. As the runner last looked at the folder. */
  dependencies(): Promise<Dependencies> {
    return this.#client.json('GET', this.#path('/dependencies'));
  }

  /** Syncs and installs, even what is there already; null when there is nothing to install. */
  async installDependencies(options: WorkOptions = {}): Promise<DependencySet | null> {
    const response = await this.#client.send({ method: 'POST', path: this.#path('/dependencies/install'), signal: options.signal });
    return readToDone(response, options, options.signal);
  }

  /** Imports of the folder's sources, as last synced, that nothing installed serves. */
  async missingImports(): Promise<MissingImport[]> {
    return (await this.#client.json<z.output<typeof MissingImports>>('GET', this.#path('/missing'))).missing;
  }

  /** What to change in the folder so that a manifest names one package more. Nothing is written: apply it, and install. */
  addDependency(request: AddDependency): Promise<ManifestEdit> {
    return this.#client.json('POST', this.#path('/dependencies/add'), request);
  }

  /** Newest first. */
  runs(options: { limit?: number; offset?: number } = {}): Promise<Run[]> {
    return this.#client.json('GET', this.#path(`/runs${query(options)}`));
  }

  /** Counts as activity now; with `seconds`, the time to live is counted from that much later. */
  async extend(seconds?: number): Promise<SandboxInfo> {
    return this.#keep(await this.#client.json('POST', this.#path('/extend'), { seconds }));
  }

  /** Changes only what is named. */
  async update(settings: SandboxSettings): Promise<SandboxInfo> {
    return this.#keep(await this.#client.json('PATCH', this.#path(), settings));
  }

  /** Throws the workspace away and starts again from the folder; settings stay. */
  async reset(): Promise<SandboxInfo> {
    return this.#keep(await this.#client.json('POST', this.#path('/reset')));
  }

  /** Cancels its runs and removes its workspace and logs. The folder on the host is not touched. */
  async delete(): Promise<void> {
    await this.#client.json('DELETE', this.#path());
  }

  #path(rest = ''): string {
    return `/v1/sandboxes/${encodeURIComponent(this.id)}${rest}`;
  }

  #keep(info: SandboxInfo): SandboxInfo {
    this.#info = info;
    return info;
  }
}
