// For looking at it by hand: the desktop VS Code if there is one, else VS Code's server for any browser.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from './places.mjs';
import { RigError } from './say.mjs';
import { installServer } from './vscodeInstall.mjs';
import { calmSettings, startServer } from './vscodeServer.mjs';

export async function openFolder(folder, { server: serverOnly }) {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new RigError(`${folder} is not a folder.`);
  if (!existsSync(join(ROOT, 'dist', 'extension.cjs'))) throw new RigError('The extension is not built yet: npm run build.');
  if (!serverOnly && startDesktop(folder)) {
    console.log(`Opened ${folder} in the desktop VS Code, with the extension loaded. With --server it opens in a browser instead.`);
    return;
  }
  const server = await installServer();
  const running = await startServer({ server, dataFolder: join(CACHE, 'vscode-open'), settings: { ...calmSettings, 'window.commandCenter': true } });
  console.log(`\nVS Code with the extension loaded. Open this in a browser on this machine:\n\n  ${running.url(folder)}\n\nCtrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void running.stop().then(() => process.exit(0)));
}

function startDesktop(folder) {
  const started = spawnSync('code', ['--new-window', `--extensionDevelopmentPath=${ROOT}`, folder], {
    stdio: 'ignore', shell: process.platform === 'win32',
  });
  return started.status === 0;
}
