import { Readable } from 'node:stream';
import { FRAMES_TYPE } from '../../protocol/frames';
import type { Done, Exec, Started } from '../../protocol/run';
import type { Call } from './transport';
import type { Client } from './client';
import { PetriClientError } from './errors';
import { readEvents, toRunEvent, type RunEvent, type WorkHandlers } from './events';
import { StdinPump } from './stdinPump';

/** What to run: the body of POST …/exec, whose `stdin` follows from the options. */
export type ExecRequest = Omit<Exec, 'stdin'>;

/** How a run is fed and watched. */
export interface ExecOptions extends WorkHandlers {
  onStarted?: (started: Started) => void | Promise<void>;
  /** Becomes the program's stdin; without it stdin is empty. A stream is read from the run's start on, and destroyed at its end. */
  stdin?: Readable | string | Uint8Array | undefined;
  /** Aborting cancels the run; its end is still waited for. */
  signal?: AbortSignal | undefined;
}

/**
 * One run, under way. Either iterate over its events, or give handlers and await result(); both hold the program back
 * when they are slow.
 */
export class RunHandle implements AsyncIterable<RunEvent> {
  /** When the command started; rejects when it never did. Comes only while events are iterated or result() is awaited. */
  readonly started: Promise<Started>;

  readonly #client: Client;
  readonly #options: ExecOptions;
  readonly #detached: boolean;
  readonly #connection = new AbortController();
  readonly #response;
  readonly #start = Promise.withResolvers<Started>();
  readonly #end = Promise.withResolvers<Done>();
  #id: string | undefined;
  #taken = false;
  #over = false;
  #cancelWanted = false;
  #stdin: StdinPump | undefined;

  /**
   * @internal Use Sandbox.exec.
   * @param detached the run goes on when nobody listens.
   */
  constructor(client: Client, call: Pick<Call, 'method' | 'path' | 'body'>, detached: boolean, options: ExecOptions) {
    this.#client = client;
    this.#options = options;
    this.#detached = detached;
    this.started = this.#start.promise;
    // Nobody need wait for these; a rejection that nobody sees must not end the process.
    for (const promise of [this.#start.promise, this.#end.promise]) promise.catch(() => {});
    this.#response = client.send({ ...call, accept: FRAMES_TYPE, signal: this.#connection.signal });
    this.#response.catch(() => {});
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (options.signal?.aborted) this.#onAbort();
  }

  /** Known from the `started` event on. */
  get id(): string | undefined {
    return this.#id;
  }

  /**
   * How the run ended, whatever its exit code. Reads the events unless they are being iterated. Rejects when it never started, and with
   * runner-unreachable when the runner was lost meanwhile.
   */
  result(): Promise<Done> {
    if (!this.#taken) void this.#drain();
    return this.#end.promise;
  }

  /** Once. Leaving the loop early disconnects, which cancels the run unless it was to continue. */
  [Symbol.asyncIterator](): AsyncIterator<RunEvent, void, undefined> {
    return this.#events();
  }

  /** Ends the run's whole process tree. Its `done` still comes; a run that has not started yet is given up instead. */
  async cancel(): Promise<void> {
    if (this.#over) return;
    this.#cancelWanted = true;
    if (this.#id !== undefined) await this.#sendCancel(this.#id);
    else if (!this.#detached) this.#connection.abort();
  }

  readonly #onAbort = (): void => {
    this.cancel().catch(() => this.#connection.abort());
  };

  async #sendCancel(id: string): Promise<void> {
    try {
      await this.#client.json('POST', `/v1/runs/${id}/cancel`);
    } catch (error) {
      const alreadyOver = error instanceof PetriClientError && (error.code === 'conflict' || error.code === 'not-found');
      if (!alreadyOver) throw error;
    }
  }

  async *#events(): AsyncGenerator<RunEvent, void, undefined> {
    if (this.#taken) throw new TypeError('The events of a run can be read once only.');
    this.#taken = true;
    try {
      for await (const raw of readEvents(await this.#response, this.#connection.signal)) {
        const event = toRunEvent(raw);
        if (event?.event === 'started') this.#begin(event.data);
        if (event?.event === 'done') this.#finish(event.data);
        if (event) yield event;
      }
    } catch (error) {
      throw this.#fail(this.#stdin?.failure ?? error);
    } finally {
      this.#fail(new PetriClientError('cancelled', 'Its events were no longer read.'));
      this.#stdin?.stop();
      this.#options.signal?.removeEventListener('abort', this.#onAbort);
    }
  }

  async #drain(): Promise<void> {
    try {
      for await (const event of this.#events()) {
        // What a handler throws is the result, and comes before the loop's own end gives the run up.
        await this.#handle(event).catch((error: unknown) => { throw this.#fail(error); });
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #handle(event: RunEvent): Promise<void> {
    const { onProgress, onNotice, onInstall, onStarted, onOutput } = this.#options;
    if (event.event === 'output') await onOutput?.(event.stream, event.chunk);
    else if (event.event === 'progress') await onProgress?.(event.data);
    else if (event.event === 'notice') await onNotice?.(event.data);
    else if (event.event === 'install') await onInstall?.(event.data);
    else if (event.event === 'started') await onStarted?.(event.data);
  }

  #begin(started: Started): void {
    this.#id = started.run_id;
    this.#start.resolve(started);
    if (this.#cancelWanted) this.#onAbort();
    const { stdin } = this.#options;
    if (stdin === undefined) return;
    const source = stdin instanceof Readable ? stdin : Readable.from([typeof stdin === 'string' ? Buffer.from(stdin) : stdin]);
    this.#stdin = new StdinPump(this.#client, started.run_id, source, () => this.#onAbort());
  }

  #finish(done: Done): void {
    if (this.#stdin?.failure) throw this.#stdin.failure;
    this.#over = true;
    this.#end.resolve(done);
  }

  /** No effect on a run that is over already. */
  #fail(error: unknown): unknown {
    this.#over = true;
    this.#start.reject(error);
    this.#end.reject(error);
    return error;
  }
}
