import type { IncomingMessage } from 'node:http';
import type { Done, InstallOutput, Notice, Progress, Started } from '../../protocol/run';
import { PetriClientError, errorFromBody, unreachable } from './errors';
import { FRAMES_TYPE } from '../../protocol/frames';
import { FrameParser } from './frames';
import { parseEvent as parse } from './parseEvent';
import { decodeOutput } from './output';
import type { RawEvent } from './rawEvent';
import { SseParser } from './sse';
import { asClientError } from './transport';

/** What a run does, in order. `done` is the last one; a run that fails to start, or a lost runner, throws instead. */
export type RunEvent =
  | { event: 'progress'; data: Progress }
  | { event: 'notice'; data: Notice }
  | { event: 'install'; data: InstallOutput }
  | { event: 'started'; data: Started }
  | { event: 'output'; stream: 'stdout' | 'stderr'; chunk: Buffer }
  | { event: 'done'; data: Done };

/** Called as things happen. A returned promise holds back what follows, down to the program that writes. */
export interface WorkHandlers {
  onProgress?: (progress: Progress) => void | Promise<void>;
  onNotice?: (notice: Notice) => void | Promise<void>;
  /** A program's bytes as they come. */
  onOutput?: (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>;
  /** What an install of dependencies says; never the program's own output. */
  onInstall?: (output: InstallOutput) => void | Promise<void>;
}

/**
 * The events of one response. The bytes are read as fast as the consumer takes the events. Ends after `done`, whose
 * connection is then reused; throws the error that an `error` event states, and runner-unreachable when the stream ends
 * without either. Leaving the iteration early closes the connection.
 */
export async function* readEvents(response: IncomingMessage, signal?: AbortSignal): AsyncGenerator<RawEvent, void, undefined> {
  const parser = response.headers['content-type'] === FRAMES_TYPE ? new FrameParser() : new SseParser();
  let complete = false;
  try {
    for await (const chunk of response.iterator({ destroyOnReturn: false })) {
      for (const event of parser.push(chunk as Buffer)) {
        if (event.event === 'error') throw statedError(event.data);
        complete = event.event === 'done';
        yield event;
        if (complete) return;
      }
    }
  } catch (error) {
    throw asClientError(error, signal);
  } finally {
    if (complete) response.on('error', () => {}).resume();
    else response.destroy();
  }
  throw unreachable('The connection to the runner was lost before it was done.');
}

/** Runs a stream of work to its end; answers what `done` carries. */
export async function readToDone<T>(response: IncomingMessage, handlers: WorkHandlers, signal?: AbortSignal): Promise<T> {
  for await (const raw of readEvents(response, signal)) {
    const { event, data } = raw;
    if (event === 'progress') await handlers.onProgress?.(parse(data));
    else if (event === 'notice') await handlers.onNotice?.(parse(data));
    else if (event === 'output') {
      const { stream, chunk } = decodeOutput(raw);
      await handlers.onOutput?.(stream, chunk);
    } else if (event === 'install') await handlers.onInstall?.(parse(data));
    else if (event === 'done') return parse(data);
  }
  throw unreachable('The runner ended without an answer.');
}

function statedError(data: Buffer): PetriClientError {
  return errorFromBody(data.toString('utf8')) ?? new PetriClientError('internal', 'The runner failed without saying why.');
}

/** undefined for an event of a later version. */
export function toRunEvent(raw: RawEvent): RunEvent | undefined {
  const { event, data } = raw;
  switch (event) {
    case 'output': return { event, ...decodeOutput(raw) };
    case 'progress': return { event, data: parse(data) };
    case 'notice': return { event, data: parse(data) };
    case 'install': return { event, data: parse(data) };
    case 'started': return { event, data: parse(data) };
    case 'done': return { event, data: parse(data) };
    default: return undefined;
  }
}
