// npm run package: one VSIX for every platform, and what is in it.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { underNode24 } from './node.mjs';
import { DIST, ROOT } from './places.mjs';
import { entry, say } from './say.mjs';

const PLACE = join(DIST, 'jhansi.vsix');
const NAMED = 12;

/** Packs what a build has left in a folder; answers the VSIX's path. */
export async function packVsix(folder = ROOT, packagePath = PLACE) {
  const { createVSIX } = await import('@vscode/vsce');
  // Everything is bundled: node_modules stays at home.
  await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}

if (process.argv[1] === import.meta.filename) {
  await entry(async () => {
    await underNode24();
    await ensureBuilt();
    const path = await packVsix();
    const { default: JSZip } = await import('jszip');
    const zip = await JSZip.loadAsync(await readFile(path));
    const files = await Promise.all(Object.values(zip.files).filter(({ dir }) => !dir).map(async (file) => ({ name: file.name, size: (await file.async('uint8array')).length })));
    for (const { name, size } of files.sort((a, b) => b.size - a.size).slice(0, NAMED)) console.log(`${megabytes(size).padStart(9)}  ${name}`);
    say(`${path}: ${megabytes(statSync(path).size)}, ${files.length} files, ${megabytes(files.reduce((sum, { size }) => sum + size, 0))} unpacked`);
  });
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
