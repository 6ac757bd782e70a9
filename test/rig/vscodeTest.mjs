// Both suites in one command: inside the extension host, and through the window. The same host suite runs in Electron.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DIST, ROOT } from './places.mjs';
import { RigError } from './say.mjs';
import { openPage } from './vscodeBrowser.mjs';
import { installBrowser, installServer } from './vscodeInstall.mjs';
import { installedInServer } from './vscodeInstalled.mjs';
import { StoppableEngine } from './stoppableEngine.mjs';
import { SILENCE_MS, Results } from './vscodeResults.mjs';
import { calmSettings, startServer } from './vscodeServer.mjs';

const dist = (...parts) => join(DIST, ...parts);
const hostSuite = dist('test', 'vscode', 'host', 'index.cjs');
const windowSuite = dist('test', 'vscode', 'window', 'index.cjs');

/** @param {'host' | 'window' | 'installed' | undefined} only */
export async function testInServer(only) {
  const server = await installServer();
  const browser = await installBrowser();
  const parts = { host: hostInServer, window: windowInServer, installed: installedInServer };
  return withWorkspace(async (given) => {
    for (const [name, run] of Object.entries(parts)) {
      if (only !== undefined && only !== name) continue;
      await run(server, browser, given);
      await given.sweep();
    }
  });
}

/** For machines that can download VS Code. */
export async function testInElectron() {
  const { runTests } = await import('@vscode/test-electron');
  return withWorkspace(async ({ folder, petri, results }) => {
    const env = { ...petri('host'), PETRI_TEST_RESULTS: join(folder, 'host.ndjson') };
    const workspace = join(folder, 'host');
    mkdirSync(workspace);
    let over = false;
    const run = runTests({
      extensionDevelopmentPath: ROOT, extensionTestsPath: hostSuite, extensionTestsEnv: env,
      launchArgs: [workspace, '--disable-workspace-trust', '--disable-extensions', '--user-data-dir', join(folder, 'vscode')],
    }).catch(() => {}).finally(() => { over = true; });
    await results.follow(env.PETRI_TEST_RESULTS, { silence: SILENCE_MS * 5, isOver: () => over });
    await run;
  });
}

async function hostInServer(server, browser, { folder, petri, results }) {
  console.log('Extension host:');
  const env = { ...petri('host'), PETRI_TEST_RESULTS: join(folder, 'host.ndjson') };
  const workspace = join(folder, 'host');
  mkdirSync(workspace);
  const running = await startServer({ server, dataFolder: join(folder, 'vscode-host'), env, settings: calmSettings, tests: hostSuite });
  try {
    const window = await openPage(browser, running.url(workspace));
    await results.follow(env.PETRI_TEST_RESULTS, { silence: SILENCE_MS, evidence: () => `${running.log()}\n${window.console()}` });
    await window.close();
  } finally {
    await running.stop();
  }
}

async function windowInServer(server, browser, { folder, petri, results }) {
  console.log('Window:');
  const env = petri('window');
  const workspaces = join(folder, 'window');
  const screenshots = dist('screenshots');
  for (const each of [workspaces, screenshots]) mkdirSync(each, { recursive: true });
  const start = (name, more = {}) => startServer({ server, dataFolder: join(folder, `vscode-${name}`), env, settings: calmSettings, ...more });
  const engine = await StoppableEngine.start(join(folder, 'engine'));
  const [plain, untrusted, engineless] = await Promise.all([
    start('window', { extensions: [join(ROOT, 'test', 'vscode', 'virtualFiles')] }),
    start('untrusted', { trust: true, settings: { ...calmSettings, 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' } }),
    start('engineless', { env: { ...petri('engineless'), PETRI_ENGINE: engine.address } }),
  ]);
  const all = { plain, untrusted, engineless };
  const windows = Object.fromEntries(Object.entries(all).map(([kind, { url, settingsFile }]) => [kind, { url: url('FOLDER'), settingsFile }]));
  const resultsFile = join(folder, 'window.ndjson');
  const suite = spawn(process.execPath, ['--enable-source-maps', windowSuite], {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env, ...env, PETRI_TEST_RESULTS: resultsFile, PETRI_TEST_WINDOWS: JSON.stringify(windows), PETRI_TEST_ENGINE_SWITCH: engine.switchFile,
      PETRI_TEST_WORKSPACES: workspaces, PETRI_TEST_SCREENSHOTS: screenshots, PETRI_TEST_CHROMIUM: browser,
    },
  });
  let over = false;
  suite.on('close', () => { over = true; });
  try {
    await results.follow(resultsFile, { silence: SILENCE_MS, isOver: () => over, evidence: () => Object.values(all).map(({ log }) => log()).join('\n') });
  } finally {
    suite.kill();
    await Promise.all(Object.values(all).map((running) => running.stop()));
    await removeSandboxes(petri('engineless'));
    await engine.stop();
  }
}

/** A folder of the suites' own, and a Petri for each: the user's runner and sandboxes are none of their business, nor one suite's of the next. */
async function withWorkspace(use) {
  for (const file of [dist('extension.cjs'), dist('runner', 'petri.cjs'), hostSuite]) {
    if (!existsSync(file)) throw new RigError(`${file} is missing: node esbuild.mjs --tests`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'petri-vscode-'));
  const petri = (name) => ({ PETRI_HOME: join(folder, `petri-${name}`) });
  const homes = () => readdirSync(folder).filter((name) => name.startsWith('petri-')).map((name) => join(folder, name));
  const sweep = async () => { for (const PETRI_HOME of homes()) await removeSandboxes({ PETRI_HOME }); };
  const results = new Results();
  try {
    await use({ folder, petri, results, sweep });
  } finally {
    await sweep();
    if (results.failed > 0) homes().forEach(keepLog);
    rmSync(folder, { recursive: true, force: true });
  }
  const { passed, failed, skipped, failures } = results;
  mkdirSync(dist('test-results'), { recursive: true });
  writeFileSync(dist('test-results', 'vscode.json'), `${JSON.stringify({ passed, failed, skipped, failures })}\n`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0 && passed > 0;
}

/** A suite's own Petri goes, with everything that it made on the engine. */
async function removeSandboxes(home) {
  // Not in one go: the engine that stops and returns is relayed by this very process.
  const sweep = spawn(process.execPath, [dist('test', 'vscode', 'sweep.cjs')], { stdio: 'inherit', env: { ...process.env, ...home }, timeout: 120_000 });
  const code = await new Promise((resolve) => sweep.on('close', resolve));
  if (code !== 0) console.error('The suite could not remove its sandboxes.');
}

function keepLog(home) {
  const log = join(home, 'petri.log');
  if (existsSync(log)) cpSync(log, dist('test-results', `vscode-${basename(home)}.log`));
}
