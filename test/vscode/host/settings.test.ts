import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { sandboxSettings, settingsChange } from '../../../src/extension/settings';
import { Petri } from '../../../src/sdk/typescript/petri';
import { answering } from './answers';
import { folder, openFile, runInSandbox, until } from './editor';

const config = () => vscode.workspace.getConfiguration('jhansi.sandbox', folder());

describe('Settings', () => {
  afterEach(async () => {
    await config().update('image', undefined, vscode.ConfigurationTarget.Workspace);
    for (const key of ['limits.memoryMB', 'allow']) await config().update(key, undefined, vscode.ConfigurationTarget.Global);
  });

  it('leave everything to the runner until something is set', () => {
    assert.deepEqual(sandboxSettings(folder()), {});
  });

  it('reach the sandbox in its own units, the folder’s own list of what is let in', async () => {
    await config().update('image', 'mine:1', vscode.ConfigurationTarget.Workspace);
    await config().update('limits.memoryMB', 256, vscode.ConfigurationTarget.Global);
    await config().update('allow', { [folder().uri.fsPath]: ['.env'], '/elsewhere': ['*.pem'] }, vscode.ConfigurationTarget.Global);
    assert.deepEqual(sandboxSettings(folder()), { image: 'mine:1', limits: { memory_bytes: 256 * 1024 * 1024 }, allow: ['.env'] });
  });

  it('that weaken the sandbox are not taken from the folder’s own files', async () => {
    const file = vscode.Uri.joinPath(folder().uri, '.vscode', 'settings.json');
    const planted = { 'jhansi.sandbox.allow': { [folder().uri.fsPath]: ['.env'] }, 'jhansi.sandbox.limits.memoryMB': 1_000_000, 'jhansi.sandbox.ttlMinutes': 7 };
    const changed = new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('jhansi.sandbox.ttlMinutes')) return;
        listening.dispose();
        resolve();
      });
    });
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(planted)));
    await changed;
    assert.deepEqual(sandboxSettings(folder()), { ttl_seconds: 7 * 60 });
    await vscode.workspace.fs.delete(file);
  });

  it('are told when they change, and taken back when they are removed', () => {
    assert.equal(settingsChange(undefined, {}), undefined);
    assert.deepEqual(settingsChange(undefined, { image: 'mine:1' }), { image: 'mine:1' });
    assert.equal(settingsChange({ image: 'mine:1' }, { image: 'mine:1' }), undefined);
    assert.deepEqual(settingsChange({ image: 'mine:1', allow: ['.env'] }, { ttl_seconds: 60 }), { image: null, allow: [], ttl_seconds: 60 });
  });

  it('name the engine, which a runner that is started anew takes', async function () {
    this.timeout(120_000);
    const global = vscode.workspace.getConfiguration('jhansi.sandbox');
    await openFile('engine.py', 'print("on an engine")\n');
    assert.match(await runInSandbox(), /\non an engine\n/);
    const change = (value: string | undefined) => answering('Restart Petri', async () => {
      await global.update('engine', value, vscode.ConfigurationTarget.Global);
      await until('the runner has left', async () => (await Petri.find({ client: 'test' }).then((petri) => { petri?.close(); return petri; })) === undefined);
    });
    const none = `unix://${folder().uri.fsPath}/none.sock`;
    await change(none);
    await answering(undefined, async () => { assert.ok((await runInSandbox()).includes(none)); });
    await change(undefined);
    assert.match(await runInSandbox(), /\non an engine\n/);
  });
});
