import { setTimeout as sleep } from 'node:timers/promises';
import type { RunnerStatus } from '../../protocol/runner';
import type { LocalPlace } from '../../protocol/localPaths';
import { PetriClientError, unreachable } from './errors';
import { busyRunner, judge, newerRunner } from './handshake';
import { launchRunner, type Launch, type RunnerProgram } from './launch';
import { readEndpoint } from './localFiles';
import { notSent, readAll, type Endpoint, type Transport } from './transport';

/** How a connector finds or starts the runner. */
export interface ConnectorOptions {
  place: LocalPlace;
  /** undefined: never start one. */
  program: RunnerProgram | undefined;
  /** This client's version, `1.2.3`. */
  version: string;
  /** Until a started runner must answer. */
  startTimeoutMs: number;
  /** Until an older runner's active runs must be over. */
  drainTimeoutMs: number;
  onProgress?: (message: string) => void;
}

/** A runner that listens. */
export interface Found {
  endpoint: Endpoint;
  status: RunnerStatus;
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;
const HANDSHAKE_TIMEOUT_MS = 5_000;
const MOST_LAUNCHES = 3;

/** Asks whoever listens who it is; undefined when nobody does. Accepts any version. */
async function probe(transport: Transport, place: LocalPlace): Promise<Found | undefined> {
  const endpoint = readEndpoint(place);
  if (!endpoint) return undefined;
  try {
    const response = await transport.send(endpoint, { method: 'GET', path: '/v1/runner', timeoutMs: HANDSHAKE_TIMEOUT_MS });
    return { endpoint, status: JSON.parse((await readAll(response)).toString('utf8')) as RunnerStatus };
  } catch (error) {
    if (notSent(error)) return undefined;
    if (error instanceof SyntaxError) {
      throw new PetriClientError('runner-version', `What listens on ${endpoint.socketPath} is no Petri.`, { cause: error });
    }
    throw error;
  }
}

/** Asks until somebody says who it is or nobody listens: a runner between two lives is given time to be one or the other. */
export async function find(transport: Transport, place: LocalPlace): Promise<Found | undefined> {
  const deadline = performance.now() + HANDSHAKE_TIMEOUT_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
    try {
      return await probe(transport, place);
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw error;
    }
    await sleep(pause);
  }
}

/**
 * Finds the user's runner, or starts it and waits with growing pauses. Any number of clients may do so at once: the
 * socket is the lock, and a runner that finds it taken leaves. Rejects runner-version, runner-unreachable, or what the
 * runner said when it could not start.
 */
export async function connect(transport: Transport, options: ConnectorOptions): Promise<Found> {
  return new Connecting(transport, options).run();
}

/** A runner between two lives may refuse the old token or drop the call. */
function isPassing(error: unknown): boolean {
  return error instanceof PetriClientError && (error.code === 'unauthorized' || (error.code !== 'runner-version' && error.cause !== undefined));
}

function longer(pause: number): number {
  return Math.min(pause * 1.5, LONGEST_PAUSE_MS);
}

class Connecting {
  #deadline: number;
  #launch: Launch | undefined;
  #launches = 0;
  #askedToLeave = false;
  #sawItDie = false;
  #lastError: unknown;
  #leaving: RunnerStatus | undefined;

  constructor(readonly transport: Transport, readonly options: ConnectorOptions) {
    this.#deadline = performance.now() + options.startTimeoutMs;
  }

  async run(): Promise<Found> {
    for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
      const found = await this.#look();
      if (found && await this.#mayUse(found)) return found;
      if (!found && !this.#lastError) this.#startIfNeeded();
      if (performance.now() > this.#deadline) throw this.#tooLate();
      await sleep(pause);
    }
  }

  async #look(): Promise<Found | undefined> {
    this.#lastError = undefined;
    try {
      return await probe(this.transport, this.options.place);
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#lastError = error;
      return undefined;
    }
  }

  async #mayUse({ endpoint, status }: Found): Promise<boolean> {
    const verdict = judge(status, this.options.version);
    if (verdict === 'newer') throw newerRunner(status, this.options.version);
    if (verdict === 'use') return true;
    if (!this.options.program) throw busyRunner(status);
    this.#leaving = status;
    if (this.#askedToLeave) return false;
    this.#askedToLeave = true;
    this.#deadline = performance.now() + this.options.drainTimeoutMs;
    this.options.onProgress?.(`Waiting for an older Petri (${status.version ?? 'unknown version'}) to end.`);
    if (verdict === 'replace') {
      // It may be gone before it has answered; the next look tells.
      const stop = { method: 'POST', path: '/v1/runner/stop', body: { mode: 'drain' }, timeoutMs: HANDSHAKE_TIMEOUT_MS } as const;
      await this.transport.send(endpoint, stop).then((response) => response.resume(), () => {});
    }
    return false;
  }

  #startIfNeeded(): void {
    const { program, place } = this.options;
    if (!program) throw new PetriClientError('runner-unreachable', 'Petri is not running.', { action: 'petri run starts it.' });
    const ended = this.#launch?.ended();
    if (this.#launch && !ended) return;
    if (ended?.failed || this.#launches === MOST_LAUNCHES) {
      // Another client's runner may have come up since we looked.
      if (this.#sawItDie) throw this.#launch!.reason();
      this.#sawItDie = true;
      return;
    }
    if (this.#leaving) this.#deadline = performance.now() + this.options.startTimeoutMs;
    this.#leaving = undefined;
    this.#launches += 1;
    this.options.onProgress?.('Starting Petri.');
    this.#launch = launchRunner(program, place);
  }

  #tooLate(): PetriClientError {
    if (this.#leaving) return busyRunner(this.#leaving);
    if (this.#lastError instanceof PetriClientError) return this.#lastError;
    return unreachable(`The runner did not answer within ${Math.round(this.options.startTimeoutMs / 1000)} s.`);
  }
}
