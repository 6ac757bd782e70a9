import { PassThrough } from 'node:stream';
import type { Done, Started, Terminal, TerminalSize } from '../../protocol/run';
import type { Client } from './client';
import type { WorkHandlers } from './events';
import { RunHandle } from './runHandle';

/** What to open: the body of POST …/terminal. */
export type TerminalRequest = Omit<Terminal, 'on_disconnect'>;

/** How a terminal is watched. */
export interface TerminalOptions extends Omit<WorkHandlers, 'onOutput'> {
  onStarted?: (started: Started) => void | Promise<void>;
  /** The terminal's bytes as they come. A returned promise slows the program down. */
  onOutput?: (chunk: Buffer) => void | Promise<void>;
  /** Aborting hangs up. */
  signal?: AbortSignal | undefined;
}

/** A terminal in a sandbox, under way. Await result() to follow it. */
export class TerminalHandle {
  readonly #client: Client;
  readonly #run: RunHandle;
  readonly #keys = new PassThrough();
  #size: TerminalSize | undefined;
  #resizing = false;

  /** @internal Use Sandbox.terminal. */
  constructor(client: Client, path: string, request: TerminalRequest, { onOutput, ...options }: TerminalOptions) {
    this.#client = client;
    const body: Terminal = { created_by: client.name, ...request };
    this.#run = new RunHandle(client, { method: 'POST', path, body }, false, {
      ...options, stdin: this.#keys, onOutput: onOutput && ((_, chunk) => onOutput(chunk)),
    });
  }

  /** When the shell started; rejects when it never did. Comes only while result() is awaited. */
  get started(): Promise<Started> {
    return this.#run.started;
  }

  /** Types. Text goes as UTF-8; before the start it waits. False when more is on its way than the program has taken. */
  write(keys: string | Uint8Array): boolean {
    return this.#keys.destroyed || this.#keys.write(keys);
  }

  /** The terminal has another size. Of many in a row only the last is sure to arrive. */
  resize(size: TerminalSize): void {
    this.#size = size;
    if (!this.#resizing) void this.#sendSizes();
  }

  /** How it ended. Rejects when it never started, and with runner-unreachable when the runner was lost meanwhile. */
  result(): Promise<Done> {
    return this.#run.result();
  }

  /** Hangs up: everything in the terminal ends. Its `done` still comes. */
  close(): Promise<void> {
    return this.#run.cancel();
  }

  async #sendSizes(): Promise<void> {
    this.#resizing = true;
    try {
      const { run_id: id } = await this.started;
      while (this.#size) {
        const size = this.#size;
        this.#size = undefined;
        await this.#client.json('POST', `/v1/runs/${id}/resize`, size);
      }
    } catch {
      // It never started, or has ended: result() tells.
      this.#size = undefined;
    } finally {
      this.#resizing = false;
    }
  }
}
