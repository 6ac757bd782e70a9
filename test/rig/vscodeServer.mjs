// Starts VS Code's own server with this repository's extension in it, and says how to open it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT } from './places.mjs';

const extensionFolder = ROOT.replace(/\/$/, '');

/** A calm window: what a screenshot shows should be ours. */
export const calmSettings = {
  'workbench.startupEditor': 'none', 'workbench.tips.enabled': false, 'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'chat.disableAIFeatures': true, 'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'extensions.ignoreRecommendations': true, 'git.openRepositoryInParentFolders': 'never',
  'window.commandCenter': false,
  // Drawn as text, a terminal can be read from the page.
  'terminal.integrated.gpuAcceleration': 'off',
};

/**
 * `tests`: the entry of a suite to run inside the extension host. The workbench then knows that it is being tested and leaves out
 * what a user would see (notifications stay behind their bell); without it the extension is installed as a user's would be.
 * `trust`: folders are untrusted until the user says otherwise, as everywhere outside tests.
 * `extensions`: folders of further ones.
 * `vsix`: that package is installed, by VS Code's own installer, instead of the repository.
 * @param {{ server: string, dataFolder: string, env?: Record<string, string>, settings?: object, tests?: string, trust?: boolean, vsix?: string, extensions?: string[] }} options
 * @returns {Promise<{ origin: string, settingsFile: string, url(folder: string): string, log(): string, stop(): Promise<void> }>}
 */
export async function startServer({ server, dataFolder, env = {}, settings, tests, trust = false, vsix, extensions = [] }) {
  const settingsFile = join(dataFolder, 'data', 'Machine', 'settings.json');
  mkdirSync(join(dataFolder, 'data', 'Machine'), { recursive: true });
  if (settings) writeFileSync(settingsFile, JSON.stringify(settings, null, 2));
  if (vsix) installVsix(server, dataFolder, vsix);
  else if (!tests) installExtensions(join(dataFolder, 'extensions'), [ROOT, ...extensions]);
  const port = await freePort();
  const child = spawn(process.execPath, [
    join(server, 'out', 'server-main.js'), '--host', '127.0.0.1', '--port', String(port), '--without-connection-token',
    '--accept-server-license-terms', '--server-data-dir', dataFolder, '--disable-telemetry',
    // A page that is reloaded may leave without a word; its extension host, and the lease that it holds, would live on for hours.
    '--reconnection-grace-time', '2', ...(trust ? [] : ['--disable-workspace-trust']),
    // Only with this one the workbench takes an extension under development, and its tests, from the address.
    ...(tests ? ['--enable-smoke-test-driver'] : []),
  ], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...withoutEditor(process.env), ...env } });
  const origin = `http://127.0.0.1:${port}`;
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { text = (text + chunk).slice(-100_000); });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(stubborn);
  };
  const answers = untilItAnswers(origin);
  const died = ended.then(() => { throw new Error(`VS Code's server ended at once:\n${text}`); });
  try {
    await Promise.race([answers, died]);
  } catch (error) {
    await stop();
    throw error;
  }
  died.catch(() => {});
  return { origin, settingsFile, url: (folder) => windowUrl(port, folder, tests), log: () => text, stop };
}

function windowUrl(port, folder, tests) {
  const address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`;
  if (!tests) return address;
  const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [['extensionDevelopmentPath', remote(extensionFolder)], ['extensionTestsPath', remote(tests)]];
  return `${address}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** As a user does from a file. */
function installVsix(server, dataFolder, vsix) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    join(server, 'out', 'server-main.js'), '--install-extension', vsix, '--force', '--server-data-dir', dataFolder, '--accept-server-license-terms',
  ], { encoding: 'utf8', env: withoutEditor(process.env), timeout: 120_000 });
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`);
}

/** The list that VS Code keeps of what is installed, with folders of this repository as the extensions'. */
function installExtensions(place, folders) {
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'extensions.json'), JSON.stringify(folders.map((folder) => {
    const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const path = folder.replace(/\/$/, '');
    return { identifier: { id: `${publisher}.${name}` }, version, location: { $mid: 1, path, scheme: 'file' }, metadata: { source: 'vsix' } };
  })));
}

/** A server started from a terminal inside VS Code must not take that window's sockets for its own. */
function withoutEditor(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)));
}

async function untilItAnswers(origin) {
  for (let waited = 0; waited < 60_000; waited += 250) {
    try {
      if ((await fetch(origin)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`VS Code's server did not answer on ${origin} within a minute`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
