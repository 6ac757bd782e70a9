// The images that tests need, each made only where it is absent.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debootstrap } from './debian.mjs';
import { answers, copyImages, importImage } from './engineSocket.mjs';
import { CACHE, DIST } from './places.mjs';
import { product } from './product.mjs';
import { RigError, say } from './say.mjs';

const PULL_SECONDS = 120;
/** What a base image has no use for. */
const LEFT_OUT = ['./var/cache/apt/*', './var/lib/apt/lists/*', './usr/share/doc/*', './usr/share/man/*', './usr/share/locale/*'];

/** The base image: pulled, or made of Debian's packages where no registry is reachable. */
export function ensureBaseImage(endpoint) {
  return withEngine(endpoint, async (engine, images) => {
    const base = images.baseImage;
    if (await engine.inspectImage(base)) return;
    say(`pulling ${base}`);
    const pulled = await engine.pullImage(base, () => {}, AbortSignal.timeout(PULL_SECONDS * 1000)).then(() => true, (error) => {
      say(error.message);
      return false;
    });
    if (pulled) return;
    if (process.env.PETRI_BASE_IMAGE) throw new RigError(`PETRI_BASE_IMAGE names ${base}, which is not on the engine and cannot be pulled.`);
    const folder = join(CACHE, 'roots', 'base-trixie');
    await debootstrap('trixie', [], folder);
    // As in the published image: what is being built need not outlive a power cut.
    writeFileSync(join(folder, 'etc', 'dpkg', 'dpkg.cfg.d', 'unsafe-io'), 'force-unsafe-io\n');
    const tar = spawn('tar', ['-C', folder, ...LEFT_OUT.map((path) => `--exclude=${path}`), '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await importImage(endpoint, base, tar.stdout);
    say(`${base} imported`);
  });
}

/** Builds the languages' images and the gateway's under the names that Petri will look for. Needs a build. */
export function ensureLanguageImages(endpoint, languages) {
  return withEngine(endpoint, async (engine, images) => {
    const make = async (language) => {
      const tag = images.tag(language);
      if (await engine.inspectImage(tag)) return;
      say(`building ${tag}`);
      const build = { context: images.context(language), tag, buildArgs: images.buildArgs, labels: {} };
      await engine.buildImage(build, () => {}, AbortSignal.timeout(600_000));
      say(`${tag} built`);
    };
    // The first makes the layer that the others share.
    const [first, ...others] = languages ?? [...(await product()).LANGUAGES, 'gateway'];
    await make(first);
    await Promise.all(others.map(make));
  });
}

/** Copies the base and these languages' images from one engine to another that has no network. */
export async function copyLanguageImages(from, to, languages) {
  const missing = await withEngine(to, async (engine, images) => {
    const wanted = [images.baseImage, ...languages.map((language) => images.tag(language))];
    const present = await Promise.all(wanted.map((reference) => engine.inspectImage(reference)));
    return wanted.filter((_, index) => !present[index]);
  });
  if (missing.length === 0) return;
  if (!await answers(from)) throw new RigError(`${from} does not answer.`);
  say(`copying ${missing.join(', ')}`);
  await copyImages(from, to, missing);
}

async function withEngine(endpoint, use) {
  const { dockerEngine, ownSurroundings, BundledImages } = await product();
  const engine = dockerEngine(ownSurroundings(), endpoint);
  try {
    return await use(engine, new BundledImages(join(DIST, 'images'), process.env));
  } finally {
    engine.close();
  }
}
