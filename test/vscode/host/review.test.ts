import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { withPicker } from './answers';
import { exists, inFolder, openFile, runInSandbox, shown, until } from './editor';

/** The list as it is shown; what is picked in it is picked as a user would, the rest goes through VS Code. */
function whileReviewing(answer: (picker: vscode.QuickPick<vscode.QuickPickItem>) => Promise<void>): Promise<void> {
  return withPicker(() => vscode.commands.executeCommand('jhansi.reviewChanges'), async (picker) => {
    await until('the list has rows', () => picker.items.length > 0);
    await answer(picker);
  });
}

async function tickAndAccept(picker: vscode.QuickPick<vscode.QuickPickItem>, ...paths: string[]): Promise<void> {
  picker.selectedItems = picker.items.filter(({ label }) => paths.includes(label));
  await sleep(500); // the list is drawn by another process, and takes what it shows for what is ticked
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

const text = async (path: string) => Buffer.from(await vscode.workspace.fs.readFile(inFolder(path))).toString();

describe('Review Sandbox Changes', () => {
  before(async function () {
    this.timeout(600_000);
    await openFile('notes.txt', 'from the host\n');
    await openFile('doomed.txt', 'still needed?\n');
    await openFile('writes.py', [
      'import os', 'os.makedirs("out", exist_ok=True)', 'open("out/made.txt", "w").write("from the run\\n")',
      'open("notes.txt", "a").write("from the run\\n")', 'os.remove("doomed.txt")', '',
    ].join('\n'));
    assert.match(await runInSandbox(), /\[Exited with code 0 /);
  });

  it('leaves the disk alone until something is applied', async () => {
    assert.equal(await exists('out/made.txt'), false);
    assert.equal(await text('notes.txt'), 'from the host\n');
    assert.equal(await exists('doomed.txt'), true);
  });

  it('lists what the run created, changed and deleted; leaving the list applies nothing', async () => {
    await whileReviewing(async (picker) => {
      const rows = picker.items.map(({ label, description }) => `${description} ${label}`);
      for (const row of ['created out/made.txt', 'changed notes.txt', 'deleted doomed.txt']) assert.ok(rows.includes(row), `${row} in:\n${rows.join('\n')}`);
      assert.deepEqual(picker.selectedItems, []);
      picker.hide();
    });
    assert.equal(await exists('out/made.txt'), false);
  });

  it('applies what was picked, and only that', async () => {
    await whileReviewing((picker) => tickAndAccept(picker, 'out/made.txt'));
    assert.equal(await text('out/made.txt'), 'from the run\n');
    assert.equal(await text('notes.txt'), 'from the host\n');
  });

  it('refuses what changed on the disk meanwhile, and says so', async () => {
    await vscode.workspace.fs.writeFile(inFolder('notes.txt'), Buffer.from('the host went on\n'));
    await whileReviewing((picker) => tickAndAccept(picker, 'notes.txt', 'doomed.txt'));
    assert.match(await shown(), /\[Not applied: notes\.txt: .+\]\n$/);
    assert.equal(await text('notes.txt'), 'the host went on\n');
    assert.equal(await exists('doomed.txt'), false);
  });
});
