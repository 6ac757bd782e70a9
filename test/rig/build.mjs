import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { DIST, ROOT } from './places.mjs';
import { say } from './say.mjs';

const PRODUCT = ['src', 'images', 'media', 'esbuild.mjs', 'package.json', 'package-lock.json'];

/** Builds dist/ unless it was built from exactly these sources; with `tests`, the test bundles too. */
export async function ensureBuilt({ tests = false } = {}) {
  const stamp = join(DIST, tests ? '.built-with-tests' : '.built');
  const sources = fingerprint(tests ? [...PRODUCT, 'test'] : PRODUCT);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say(tests ? 'building Petri, the extension and the tests' : 'building Petri and the extension');
  await run(process.execPath, ['esbuild.mjs', ...(tests ? ['--tests'] : [])], { cwd: ROOT, seconds: 300 });
  mkdirSync(DIST, { recursive: true });
  writeFileSync(stamp, sources);
  if (tests) writeFileSync(join(DIST, '.built'), fingerprint(PRODUCT));
}

/** By names, sizes and times: a file that went counts as a change too. */
function fingerprint(places) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\0`);
    else for (const name of readdirSync(join(ROOT, path)).sort()) visit(join(path, name));
  };
  for (const place of places) visit(place);
  return hash.digest('hex');
}
