import { PetriError } from '../../engine/errors';
import type { ImageBuild } from '../../engine/ports/containerEngine';
import type { EngineCalls } from './engineCalls';
import { diskFull, isDiskFull } from './errors';
import { missing } from './imagePull';
import { jsonLines } from './jsonLines';

/** Lines of the log that a failure quotes. */
const TAIL = 30;

/**
 * Builds with the engine's classic builder, which every engine from 20.10 on has behind this call. Rejects image-missing for a
 * base that cannot be had, image-build-failed with the log's tail, disk-full, cancelled.
 */
export async function buildImage(calls: EngineCalls, build: ImageBuild, onProgress: (message: string) => void, signal?: AbortSignal): Promise<void> {
  const what = `build the image ${build.tag}`;
  const log: string[] = [];
  await calls.guard(what, signal, async () => {
    const response = await calls.stream(what, {
      method: 'POST', path: '/build', file: build.context, signal,
      query: { t: build.tag, buildargs: JSON.stringify(build.buildArgs), labels: JSON.stringify(build.labels), rm: 'true', forcerm: 'true', version: '1' },
    });
    for await (const line of jsonLines(response)) {
      if (typeof line['error'] === 'string') throw failure(build, line['error'], log);
      for (const message of texts(line)) {
        log.push(message);
        onProgress(message);
      }
    }
  });
}

function texts({ stream, status, id }: Record<string, unknown>): string[] {
  const text = typeof stream === 'string' ? stream : typeof status === 'string' ? `${typeof id === 'string' ? `${id} ` : ''}${status}` : '';
  return text.split(/[\r\n]+/).filter((message) => message.trim());
}

/** A build that ends in a FROM step failed for want of its base, whatever words the registry, the network or the engine found. */
function failure(build: ImageBuild, words: string, log: string[]): PetriError {
  if (isDiskFull(words)) return diskFull(`build the image ${build.tag}`, undefined);
  const step = log.findLast((message) => /^step \d+/i.test(message));
  const base = /^step \d+(?:\/\d+)? ?: *FROM +(?:--\S+ +)*(\S+)/i.exec(step ?? '')?.[1];
  if (base) return missing(resolveArguments(base, build.buildArgs), words, undefined);
  return new PetriError('image-build-failed', `Could not build the image ${build.tag}: ${words.trim()}`, { details: log.slice(-TAIL) });
}

/** The builder prints FROM as it is written. */
function resolveArguments(text: string, values: Record<string, string>): string {
  return text.replace(/\$\{?(\w+)(?::-[^}]*)?\}?/g, (whole, name: string) => values[name] ?? whole);
}
