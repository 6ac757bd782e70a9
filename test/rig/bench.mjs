// npm run bench: the rows of the bench beside their rivals, on this machine's engine. A table on stdout, JSON in dist/.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { show } from './command.mjs';
import { ensureEngine } from './engine.mjs';
import { ensureBaseImage, ensureLanguageImages } from './images.mjs';
import { underNode24 } from './node.mjs';
import { DIST, ROOT } from './places.mjs';
import { entry } from './say.mjs';

await entry(async () => {
  await underNode24();
  await ensureBuilt({ tests: true });
  const engine = await ensureEngine();
  await ensureBaseImage(engine);
  await ensureLanguageImages(engine, ['python']);
  const code = await show(process.execPath, ['--enable-source-maps', join(DIST, 'test', 'bench', 'main.cjs'), ...process.argv.slice(2)], {
    cwd: ROOT, env: { ...process.env, PETRI_TEST_ENGINE: engine },
  });
  process.exitCode = typeof code === 'number' ? code : 1;
});
