// What users get, in a VS Code that has never seen it: the package, and later a newer one.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packVsix } from './package.mjs';
import { DIST, ROOT } from './places.mjs';
import { RigError } from './say.mjs';
import { SILENCE_MS } from './vscodeResults.mjs';
import { calmSettings, startServer } from './vscodeServer.mjs';

const dist = (...parts) => join(DIST, ...parts);
const SUITE = dist('test', 'vscode', 'installed', 'index.cjs');

/** Runs the suite of the installed package. */
export async function installedInServer(server, browser, { folder, petri, results }) {
  console.log('Installed:');
  const vsix = await packVsix(ROOT, join(folder, 'jhansi.vsix'));
  const newer = await laterVersion(join(folder, 'newer'));
  const env = petri('installed');
  const dataFolder = join(folder, 'vscode-installed');
  const workspaces = join(folder, 'installed');
  const screenshots = dist('screenshots');
  for (const each of [workspaces, screenshots]) mkdirSync(each, { recursive: true });
  const running = await startServer({ server, dataFolder, env, settings: calmSettings, vsix });
  const resultsFile = join(folder, 'installed.ndjson');
  const suite = spawn(process.execPath, ['--enable-source-maps', SUITE], {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env, ...env, PETRI_TEST_RESULTS: resultsFile, PETRI_TEST_WINDOWS: JSON.stringify({ plain: { url: running.url('FOLDER'), settingsFile: running.settingsFile } }),
      PETRI_TEST_WORKSPACES: workspaces, PETRI_TEST_SCREENSHOTS: screenshots, PETRI_TEST_CHROMIUM: browser,
      PETRI_TEST_VSIX: vsix, PETRI_TEST_NEWER_VSIX: newer, PETRI_TEST_SERVER: server, PETRI_TEST_DATA: dataFolder,
    },
  });
  let over = false;
  suite.on('close', () => { over = true; });
  try {
    await results.follow(resultsFile, { silence: SILENCE_MS, isOver: () => over, evidence: running.log });
  } finally {
    suite.kill();
    await running.stop();
  }
}

/** The same build under a later version. */
async function laterVersion(folder) {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const later = version.replace(/\d+$/, (patch) => String(Number(patch) + 1));
  const named = readdirSync(ROOT).filter((name) => /^(package\.json|package\.nls.*\.json|\.vscodeignore|README\.md|CHANGELOG\.md|LICENSE|media)$/.test(name));
  for (const name of named) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of ['extension.cjs', 'runner', 'prebuilds', 'images']) cpSync(dist(name), join(folder, 'dist', name), { recursive: true });
  for (const [file, pattern] of [['package.json', /("version": )"[^"]+"/], ['dist/runner/petri.cjs', /(var version = )"[^"]+"/]]) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!pattern.test(text)) throw new RigError(`${file} names no version where it is looked for.`);
    writeFileSync(join(folder, file), text.replace(pattern, `$1"${later}"`));
  }
  return packVsix(folder, join(folder, 'jhansi.vsix'));
}
