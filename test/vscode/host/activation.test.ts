import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
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

  it('registers exactly the commands that package.json promises', async () => {
    const { contributes } = extension().packageJSON as { contributes: { commands: Array<{ command: string }> } };
    const promised = contributes.commands.map(({ command }) => command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('jhansi.') && !/\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(id)).sort();
    assert.deepEqual(registered, promised);
  });
});
