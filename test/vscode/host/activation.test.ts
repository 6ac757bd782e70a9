import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension } from './editor';

// Its file comes first in the alphabet, and so in the suite: nothing has been run yet.
describe('Activation', () => {
  it('starts no runner by itself', async () => {
    await extension().activate();
    assert.ok(process.env.PETRI_HOME);
    assert.equal(existsSync(join(process.env.PETRI_HOME, 'petri.sock')), false);
  });

  it('loads one file, and not a large one', async () => {
    await extension().activate();
    const place = join(extension().extensionPath, 'dist');
    const loaded = Object.keys(require.cache).filter((path) => path.startsWith(place) && !path.startsWith(join(place, 'test')));
    assert.deepEqual(loaded, [join(place, 'extension.cjs')]);
    assert.ok(statSync(loaded[0]!).size < 400_000, `${statSync(loaded[0]!).size} bytes`);
  });

  it('registers exactly the commands that package.json promises', async () => {
    const { contributes } = extension().packageJSON as { contributes: { commands: Array<{ command: string }> } };
    const promised = contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('jhansi.') && !/\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(id)).sort();
    assert.deepEqual(registered, promised);
  });
});
