import { pack } from 'tar-stream';
import type { EngineApi } from '../engineApi';

/** The image rivals run in anyway, and rsync: what a user of rsync would have in it. Answers the tag. */
export async function buildRivalImage(api: EngineApi, base: string, tag: string): Promise<string> {
  const archive = pack();
  archive.entry({ name: 'Dockerfile' }, [
    `FROM ${base}`, 'USER 0', 'RUN apt-get update && apt-get install -y --no-install-recommends rsync && rm -rf /var/lib/apt/lists/*', '',
  ].join('\n'));
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const log = await api.bytes('POST', `/build?t=${encodeURIComponent(tag)}&forcerm=1`, Buffer.concat(chunks));
  // A failed build answers 200 and says so at the end of its log.
  const failure = log.toString('utf8').split('\n').find((line) => line.includes('"errorDetail"'));
  if (failure) throw new Error(`The image with rsync cannot be built: ${failure}`);
  return tag;
}
