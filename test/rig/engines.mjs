// node test/rig/engines.mjs start docker28|podman|gvisor   starts it with the base and Python images on it, prints its endpoint
// node test/rig/engines.mjs stop [docker28|podman|gvisor]  ends it, or all of them
import { ensureBuilt } from './build.mjs';
import { ensureEngine } from './engine.mjs';
import { startEngine, stopEngine } from './engines/isolated.mjs';
import { RECIPES } from './engines/recipes.mjs';
import { copyLanguageImages, ensureBaseImage, ensureLanguageImages } from './images.mjs';
import { underNode24 } from './node.mjs';
import { entry, RigError } from './say.mjs';

const [action, name] = process.argv.slice(2);

await entry(async () => {
  await underNode24();
  if (name !== undefined && !RECIPES[name]) throw new RigError(`There is no ${name}: ${Object.keys(RECIPES).join(', ')}.`);
  if (action === 'start' && name) {
    const own = await ensureEngine();
    await ensureBuilt();
    await ensureBaseImage(own);
    await ensureLanguageImages(own, ['python', 'gateway']);
    const { endpoint } = await startEngine(name);
    await copyLanguageImages(own, endpoint, ['python', 'gateway']);
    console.log(endpoint);
  } else if (action === 'stop') {
    for (const each of name ? [name] : Object.keys(RECIPES)) await stopEngine(each);
  } else {
    throw new RigError('Usage: engines.mjs start docker28|podman|gvisor | stop [NAME]');
  }
});
