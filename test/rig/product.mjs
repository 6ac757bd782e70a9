import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST, ROOT } from './places.mjs';

/** The exports of product.ts. Needs node_modules, not a build. */
export async function product() {
  const { build } = await import('esbuild');
  const outfile = join(DIST, 'rig', 'product.cjs');
  await build({
    entryPoints: [join(ROOT, 'test', 'rig', 'product.ts')], outfile, logLevel: 'warning',
    bundle: true, platform: 'node', target: 'node24', format: 'cjs', external: ['cpu-features', '*.node'],
  });
  return import(pathToFileURL(outfile).href);
}
