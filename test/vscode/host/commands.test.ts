import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Petri } from '../../../src/sdk/typescript/petri';
import { answering, picking, withPicker } from './answers';
import { exists, folder, inFolder, openFile, runInSandbox, shown, type, until } from './editor';

const run = (command: string, ...given: unknown[]) => vscode.commands.executeCommand(`jhansi.${command}`, ...given);
const since = async (before: number) => (await shown()).slice(before);
const length = async () => (await shown()).length;

async function sandbox() {
  const petri = await Petri.find({ client: 'test' });
  assert.ok(petri);
  const found = (await petri.sandboxes({ limit: 100 })).find(({ info }) => info.folder === folder().uri.fsPath);
  petri.close();
  return found?.info;
}

describe('Commands', () => {
  before(async function () {
    this.timeout(600_000);
    await openFile('first.py', 'print("made the sandbox")\n');
    assert.match(await runInSandbox(), /made the sandbox/);
  });

  it('Run Command runs what is typed, and the folder remembers it', async () => {
    const before = await length();
    await withPicker(() => run('runCommand'), async (picker) => {
      picker.value = 'echo $((20+3)); pwd';
      await until('what is typed is offered', () => picker.items[0]?.label === 'echo $((20+3)); pwd');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    });
    assert.match(await since(before), /> echo \$\(\(20\+3\)\); pwd\n23\n\/sandbox\/workspace\n\[Exited with code 0/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const again = await length();
    await run('runInSandbox');
    assert.match(await since(again), /\n23\n/, 'without a file to run, the folder’s own command runs');
  });

  it('Run Command on a folder of the explorer runs there', async () => {
    await openFile('deep/er/x.txt', 'x');
    const before = await length();
    await withPicker(() => run('runCommand', inFolder('deep')), async (picker) => {
      picker.value = 'pwd';
      await until('it is offered', () => picker.items[0]?.label === 'pwd');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    });
    assert.match(await since(before), /\/sandbox\/workspace\/deep\n/);
  });

  it('Run Again runs what ran last, with what is in the editors now', async () => {
    const editor = await openFile('again.py', 'print("one")\n');
    await runInSandbox();
    await type(editor, 'print("two")\n');
    const before = await length();
    await run('runAgain');
    assert.match(await since(before), /> python again\.py\ntwo\n/);
  });

  it('Run in Sandbox on a file of the explorer runs that one', async () => {
    await openFile('other.py', 'print("the other")\n');
    await openFile('shown.py', 'print("shown")\n');
    const before = await length();
    await run('runInSandbox', inFolder('other.py'));
    assert.match(await since(before), /\nthe other\n/);
  });

  it('runs a shell script in whatever image there is', async () => {
    await openFile('script.sh', 'echo "from $0"\n');
    assert.match(await runInSandbox(), /> sh script\.sh\nfrom script\.sh\n/);
  });

  it('offers a command where a file of the explorer has none of its own', async () => {
    await openFile('notes.md', '# Notes\n');
    const asked = await answering(undefined, () => Promise.resolve(run('runInSandbox', inFolder('notes.md'))));
    assert.deepEqual(asked.map(({ buttons }) => buttons), [['Run a Command…']]);
  });

  it('runs new text that was never saved as it is, with the folder’s modules, and saves nothing', async () => {
    await openFile('greeting.py', 'WORD = "hello"\n');
    const document = await vscode.workspace.openTextDocument({ language: 'python', content: 'import greeting\nprint(greeting.WORD, "from nowhere")\n' });
    await vscode.window.showTextDocument(document);
    assert.match(await runInSandbox(), /> python - < Untitled-\d+\nhello from nowhere\n\[Exited with code 0/);
    const before = await length();
    await run('runInSandbox', document.uri);
    assert.match(await since(before), /\nhello from nowhere\n/, 'by the icon above it');
    assert.equal(document.isUntitled, true);
  });

  it('runs a file that is in no folder alone, in a sandbox of no folder', async function () {
    this.timeout(600_000);
    const outside = vscode.Uri.joinPath(folder().uri, '..', 'outside.py');
    await vscode.workspace.fs.writeFile(outside, Buffer.from('import os\nprint("alone with", os.listdir())\n'));
    await vscode.window.showTextDocument(outside);
    assert.match(await runInSandbox(), /> python - < outside\.py\nalone with \[\]\n/);
    await vscode.workspace.fs.delete(outside);
  });

  it('Sync Now sends what changed, and runs nothing', async () => {
    await openFile('synced.txt', 'new\n');
    const before = await length();
    await run('syncNow');
    assert.match(await since(before), /^\n?\[Synced: \d+ sent, \d+ deleted, \d+ files in all\]\n$/);
    const again = await length();
    await run('syncNow');
    assert.match(await since(again), /^\[In sync: \d+ files\]\n$/);
  });

  it('Extend gives it its whole time again', async () => {
    const { expires_at: before } = (await sandbox())!;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await run('extend');
    const { expires_at: now } = (await sandbox())!;
    assert.ok(Date.parse(now!) > Date.parse(before!));
  });

  it('Stop lets one choose where several runs are under way', async () => {
    const editor = await openFile('endless.py', 'import time\nprint("runs", flush=True)\ntime.sleep(600)\n');
    const before = await length();
    const inTheFolder = run('runInSandbox');
    await until('it runs', async () => /\nruns\n/.test(await since(before)));
    const alone = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder().uri, '..', 'alone.py')).then(undefined, async () => {
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder().uri, '..', 'alone.py'), Buffer.from(editor.document.getText()));
      return vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder().uri, '..', 'alone.py'));
    });
    await vscode.window.showTextDocument(alone);
    const outside = run('runInSandbox');
    await until('both run', async () => (await since(before)).split('\nruns\n').length === 3);
    const offered = await picking(({ label }) => label === 'python endless.py', () => run('stop'));
    assert.deepEqual(offered.map(({ label }) => label).sort(), ['python - < alone.py', 'python endless.py']);
    await inTheFolder;
    await run('stop');
    await outside;
    await vscode.workspace.fs.delete(alone.uri);
    assert.equal((await since(before)).split('[Stopped after').length, 3);
  });

  it('Show Output, Show Log and Show Actions show what they say', async () => {
    await run('showOutput');
    await run('showLog');
    const offered = await picking(() => false, () => run('showActions'));
    const labels = offered.map(({ label }) => label);
    for (const label of ['Extend', 'Run in Sandbox', 'Run Again', 'Sync Now', 'Delete…']) assert.ok(labels.includes(label), `${label} in ${labels.join(', ')}`);
  });

  it('Look for the Engine Again finds the one there is', async () => {
    assert.deepEqual(await answering(undefined, () => Promise.resolve(run('checkEngine'))), []);
  });

  it('Reset says what is lost, does nothing without a yes, and starts from the folder’s files', async () => {
    await openFile('makes.py', 'open("made-inside.txt", "w").write("x")\n');
    await runInSandbox();
    await until('what it made is known', async () => (await answering(undefined, () => Promise.resolve(run('reset'))))[0]?.detail?.includes('made-inside.txt') === true);
    await openFile('looks.py', 'import os\nprint("made-inside.txt" in os.listdir())\n');
    assert.match(await runInSandbox(), /\nTrue\n/);
    const asked = await answering('Reset', () => Promise.resolve(run('reset')));
    assert.match(asked[0]!.message, /^Reset the sandbox of /);
    assert.match(await runInSandbox(), /\nFalse\n/);
    assert.equal(await exists('looks.py'), true);
  });

  it('Clean Up offers what could go with its size, and removes only what is ticked', async () => {
    const offered = await answering('Remove', async () => {
      const rows = await picking(() => false, () => run('cleanUp'));
      assert.ok(rows.some(({ label }) => label === `Sandbox of ${folder().name}`), rows.map(({ label }) => label).join(', '));
      assert.ok(rows.every(({ description }) => /(^| )\d[\d.,]* [KMGT]?B|not known/.test(description ?? '')), rows.map(({ description }) => description).join(', '));
    });
    assert.deepEqual(offered, []);
    assert.ok(await sandbox());
    const asked = await answering('Remove', async () => { await picking(({ label }) => label === 'Sandbox of No Folder', () => run('cleanUp')); });
    assert.match(asked[0]!.message, /^Remove \d+ things/);
    assert.ok(await sandbox());
  });

  it('Allow Held-Back Files lets in what is ticked, for this folder alone', async () => {
    await openFile('.env', 'SECRET=42\n');
    await openFile('reads.py', 'import os\nprint(os.path.exists(".env"))\n');
    const told = await answering(undefined, async () => { assert.match(await runInSandbox(), /\nFalse\n/); });
    assert.deepEqual(told.map(({ message, buttons }) => [message, ...buttons]), [['Held back from the sandbox, since it may hold secrets: .env', 'Allow for This Folder…']]);
    await picking(({ label }) => label === '.env', () => run('allowHeldBack'));
    assert.match(await runInSandbox(), /\nTrue\n/);
    await picking(() => false, () => run('allowHeldBack'));
    assert.match(await runInSandbox(), /\nFalse\n/);
    await vscode.workspace.fs.delete(inFolder('.env'));
  });

  it('Delete asks, deletes, and leaves the folder alone', async () => {
    const { id } = (await sandbox())!;
    await answering(undefined, () => Promise.resolve(run('delete')));
    assert.equal((await sandbox())?.id, id);
    await answering('Delete', () => Promise.resolve(run('delete')));
    assert.equal(await sandbox(), undefined);
    assert.equal(await exists('first.py'), true);
    const told = await answering(undefined, () => Promise.resolve(run('delete')));
    assert.match(told[0]!.message, /has no sandbox yet/);
  });
});

describe('Keys', () => {
  it('are ours alone', async () => {
    const { contributes } = vscode.extensions.getExtension('jhansi.jhansi')!.packageJSON as { contributes: { keybindings: Array<{ key: string; command: string }> } };
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('vscode://defaultsettings/keybindings.json'));
    const all = [...document.getText().matchAll(/"key":\s*"([^"]+)",\s*"command":\s*"([^"]+)"/g)].map(([, key, command]) => ({ key, command }));
    assert.ok(all.length > 500, `${all.length} default keys`);
    for (const { key } of contributes.keybindings) {
      assert.deepEqual(all.filter((one) => one.key === key && !one.command!.startsWith('jhansi.')), [], key);
    }
  });
});
