// One bundle per process: the extension, Petri (runner and command line), and, with --tests, every test file.
import { build } from 'esbuild';
import { cp, rm } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';

const tests = process.argv.includes('--tests');
const shared = {
  bundle: true, platform: 'node', target: 'node22', format: 'cjs', sourcemap: true, logLevel: 'warning',
  loader: { '.sh': 'text', '.py': 'text', '.txt': 'text', '.gradle': 'text', '.java': 'text' },
  // cpu-features is ssh2's optional native part; ssh2 works without it.
  external: ['vscode', 'cpu-features', '*.node'],
  // CycloneDX's own entry brings XML along, and a file whose name ends in .node, which the line above takes for a binary.
  alias: { '@cyclonedx/cyclonedx-library/Serialize': resolve('node_modules/@cyclonedx/cyclonedx-library/dist.node/serialize/index.common.js') },
};

await rm('dist/runner', { recursive: true, force: true });
await build({ ...shared, entryPoints: { extension: 'src/extension/main.ts' }, outdir: 'dist', outExtension: { '.js': '.cjs' } });
await build({ ...shared, entryPoints: { petri: 'src/runner/main.ts', runner: 'src/runner/startPetri.ts' }, outdir: 'dist/runner', outExtension: { '.js': '.cjs' } });
// better-sqlite3 looks for ../prebuilds beside the file it was bundled into: dist/runner → dist/prebuilds.
await cp('node_modules/better-sqlite3/prebuilds', 'dist/prebuilds', { recursive: true });
await cp('images', 'dist/images', { recursive: true });
// Part of the image's build context, for the Node that Debian has. No map: it would make another image of the same code.
await build({ ...shared, target: 'node20', sourcemap: false, entryPoints: { gateway: 'src/inside/gateway/main.ts' }, outdir: 'dist/images/gateway', outExtension: { '.js': '.cjs' } });

if (tests) {
  await rm('dist/test', { recursive: true, force: true });
  await build({
    ...shared, entryPoints: globSync('test/{unit,docker,vscode,bench}/**/*.ts'), outbase: 'test', outdir: 'dist/test',
    outExtension: { '.js': '.cjs' }, external: [...shared.external, 'better-sqlite3', 'mocha', 'playwright-core', 'esbuild'],
  });
}
