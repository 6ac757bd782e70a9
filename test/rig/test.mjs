// npm test: everything. npm run test:unit, test:docker, test:vscode: one part. Ends with "N passed, N failed, N skipped".
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { show } from './command.mjs';
import { aptInstall, cannotInstall } from './debian.mjs';
import { ensureEngine } from './engine.mjs';
import { startEngine } from './engines/isolated.mjs';
import { RECIPES } from './engines/recipes.mjs';
import { copyLanguageImages, ensureBaseImage, ensureLanguageImages } from './images.mjs';
import { underNode24 } from './node.mjs';
import { ROOT } from './places.mjs';
import { entry, explained, RigError, say, sentences } from './say.mjs';
import { add, check, failed, line, mochaSuite, tellFailures, vscodeSuite } from './suites.mjs';

/** With CI set, what cannot run has failed: nobody reads a list of skipped tests there. */
const strict = Boolean(process.env.CI);
const SMOKE_IMAGES = ['python', 'gateway'];
/** Folders of Docker's tests that wait for registries; the others mostly wait for what they broke. */
const INSTALLS = ['dependencies', 'network', 'sbom'];
let ready;
let installed;

const parts = {
  static: async () => add(
    await check('lint', 'eslint/bin/eslint.js', ['.']),
    await check('typecheck', 'typescript/bin/tsc', ['-b']),
  ),
  unit: () => mochaSuite('unit', 'unit', { seconds: 300 }),
  docker: async () => {
    const engine = await readyEngine();
    const counts = await Promise.all([
      mochaSuite('docker', 'docker', { engine, without: INSTALLS, seconds: 1200 }),
      mochaSuite('docker-installs', 'docker', { engine, only: INSTALLS, aside: true, seconds: 1200 }),
    ]);
    return strictly(counts.reduce(add));
  },
  smoke: async () => {
    const own = await readyEngine();
    await installed;
    let total = { passed: 0, failed: 0, skipped: 0 };
    for (const name of Object.keys(RECIPES)) total = add(total, await smokeOn(name, own));
    return total;
  },
  vscode: async () => {
    await readyEngine();
    await installed;
    return strictly(await vscodeSuite({ seconds: 1200 }));
  },
};
const groups = { unit: ['unit'], docker: ['docker', 'smoke'], vscode: ['vscode'], smoke: ['smoke'] };

await entry(async () => {
  const [group] = process.argv.slice(2);
  if (group && !groups[group]) throw new RigError(`There is no suite ${group}: ${Object.keys(groups).join(', ')}.`);
  await underNode24();
  const built = await ensureBuilt({ tests: true }).then(() => true, (error) => failed(error.message));
  const summary = [];
  let total = built === true ? { passed: 0, failed: 0, skipped: 0 } : built;
  const chosen = group ? groups[group] : Object.keys(parts);
  // Images take minutes, most of it waiting: they are made while what needs no engine runs. A failure is told by who waits for them.
  if (built === true && chosen.some((part) => part !== 'static' && part !== 'unit')) {
    installed = readyEngine().then(() => show(process.execPath, [join(ROOT, 'test', 'rig', 'ahead.mjs'), ...chosen], { seconds: 900 })).catch(() => undefined);
  }
  for (const part of chosen) {
    // Bundles of an older build would test something else.
    if (built !== true && part !== 'static') continue;
    const started = performance.now();
    const counts = await parts[part]().catch((error) => failed(`${part}: ${explained(error) ? sentences(error) : error.stack}`));
    summary.push(`${part}: ${line(counts)}, ${Math.round((performance.now() - started) / 1000)} s`);
    total = add(total, counts);
  }
  tellFailures();
  for (const each of summary) say(each);
  if (total.failed > 0) process.exitCode = 1;
  console.log(line(total));
});

/** The smoke part on one of the further engines, which is stopped afterwards. */
async function smokeOn(name, own) {
  let engine;
  try {
    engine = await startEngine(name);
    await copyLanguageImages(own, engine.endpoint, SMOKE_IMAGES);
    const counts = await mochaSuite(`smoke-${name}`, 'docker', { grep: RECIPES[name].smoke ?? '@smoke', engine: engine.endpoint, seconds: 600 });
    return strictly(counts);
  } catch (error) {
    if (!explained(error)) throw error;
    say(`${name} left out: ${sentences(error)}`);
    return strictly({ passed: 0, failed: 0, skipped: 1 });
  } finally {
    await engine?.stop();
  }
}

/** The machine's engine with all images; made once. */
function readyEngine() {
  ready ??= ensureEngine().then(async (endpoint) => {
    // For a test whose engine lives in a network of its own.
    if (!cannotInstall()) await aptInstall(['iproute2'], '/usr/sbin/ip');
    await ensureBaseImage(endpoint);
    await ensureLanguageImages(endpoint);
    return endpoint;
  });
  return ready;
}

function strictly(counts) {
  if (!strict || counts.skipped === 0) return counts;
  failed(`${counts.skipped} tests were skipped`);
  return { ...counts, failed: counts.failed + counts.skipped, skipped: 0 };
}
