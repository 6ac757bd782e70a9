// node test/rig/vscode.mjs test [--electron] [--only host|window|installed] [--grep PATTERN]   the suites in a real VS Code
// node test/rig/vscode.mjs open FOLDER [--server]                   a real VS Code with the extension, to look at
import { resolve } from 'node:path';
import { underNode24 } from './node.mjs';
import { entry, RigError } from './say.mjs';

const [action, ...rest] = process.argv.slice(2);
const flag = (name) => rest.includes(name);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
// npm changes into the repository; the folder was meant from where the user stood.
const from = process.env.INIT_CWD ?? process.cwd();

await entry(async () => {
  await underNode24();
  if (action === 'test') {
    const { testInElectron, testInServer } = await import('./vscodeTest.mjs');
    const grep = option('--grep');
    if (grep) process.env.PETRI_TEST_GREP = grep;
    const ok = flag('--electron') ? await testInElectron() : await testInServer(option('--only'));
    process.exitCode = ok ? 0 : 1;
  } else if (action === 'open') {
    const { openFolder } = await import('./vscodeOpen.mjs');
    const folder = rest.find((argument) => !argument.startsWith('--'));
    await openFolder(resolve(from, folder ?? '.'), { server: flag('--server') });
  } else {
    throw new RigError('Usage: node test/rig/vscode.mjs test [--electron] [--only host|window|installed] [--grep PATTERN] | open FOLDER [--server]');
  }
});
