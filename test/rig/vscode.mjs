// node test/rig/vscode.mjs test [--electron] [--only host|window]   the suites in a real VS Code
// node test/rig/vscode.mjs open FOLDER [--server]                   a real VS Code with the extension, to look at
import { resolve } from 'node:path';
import { openFolder } from './vscodeOpen.mjs';
import { testInElectron, testInServer } from './vscodeTest.mjs';

const [action, ...rest] = process.argv.slice(2);
const flag = (name) => rest.includes(name);
const only = rest.includes('--only') ? rest[rest.indexOf('--only') + 1] : undefined;
// npm changes into the repository; the folder was meant from where the user stood.
const from = process.env.INIT_CWD ?? process.cwd();

if (action === 'test') {
  const ok = flag('--electron') ? await testInElectron() : await testInServer(only);
  process.exit(ok ? 0 : 1);
} else if (action === 'open') {
  const folder = rest.find((argument) => !argument.startsWith('--'));
  await openFolder(resolve(from, folder ?? '.'), { server: flag('--server') });
} else {
  console.error('Usage: node test/rig/vscode.mjs test [--electron] [--only host|window] | open FOLDER [--server]');
  process.exit(2);
}
