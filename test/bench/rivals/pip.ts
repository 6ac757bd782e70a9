import { writeFileSync } from 'node:fs';
import { ownSurroundings } from '../../../src/runner/docker/endpoints/surroundings';
import { hostNetwork } from '../../../src/runner/network/hostNetwork';
import type { Stage } from '../stage';
import { createContainer } from './api';

const AUTHORITIES = '/work/authorities.pem';
/** The image's Python belongs to its system; in a container nothing else uses it. */
const QUIET = ['PIP_BREAK_SYSTEM_PACKAGES=1', 'PIP_ROOT_USER_ACTION=ignore', 'PIP_DISABLE_PIP_VERSION_CHECK=1', 'PIP_PROGRESS_BAR=off'];

/**
 * A running container of the same image on the engine's own network, with these files at /work, whose pip trusts and asks what the machine does.
 * `cache`: a volume for what pip keeps of its downloads. Answers its name.
 */
export async function pipContainer(stage: Stage, cache: string, files: Record<string, string>): Promise<string> {
  const machine = hostNetwork(stage.env, { ...ownSurroundings(), env: stage.env });
  const { pip: index } = await machine.mirrors();
  const authorities = stage.path('authorities');
  writeFileSync(authorities, await machine.roots());
  const name = stage.name('pip');
  await createContainer(stage.api, {
    name, image: stage.image, command: ['sleep', 'infinity'], binds: [`${cache}:/cache`], network: true,
    env: [
      ...QUIET, 'PIP_CACHE_DIR=/cache', `PIP_CERT=${AUTHORITIES}`, ...(index === undefined ? [] : [`PIP_INDEX_URL=${index}`]),
      ...['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'].flatMap((variable) => (stage.env[variable] ? [`${variable}=${stage.env[variable]}`] : [])),
    ],
  });
  await stage.api.json('POST', `/containers/${name}/start`);
  await stage.docker('exec', name, 'mkdir', '/work');
  await stage.docker('cp', authorities, `${name}:${AUTHORITIES}`);
  for (const [path, content] of Object.entries(files)) {
    const file = stage.path('file');
    writeFileSync(file, content);
    await stage.docker('cp', file, `${name}:/work/${path}`);
  }
  return name;
}
