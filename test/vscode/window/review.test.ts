import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from './workbench';

const PROGRAM = `
with open('report.md', 'w') as report:
    report.write('# Report\\n\\nAll is well.\\n')
text = open('prices.csv').read()
with open('prices.csv', 'w') as prices:
    prices.write(text.replace('tea,3', 'tea,4'))
import os
os.remove('old.txt')
`;

describe('Review Sandbox Changes, in the window', () => {
  let window: Workbench;
  const rows = () => window.page.locator('.quick-input-list .monaco-list-row');
  const listed = () => window.page.locator('.quick-input-title', { hasText: 'Sandbox Changes' }).waitFor();
  const backToTheList = async () => {
    await window.page.locator('.editor-actions').getByRole('button', { name: 'Review Sandbox Changes' }).click();
    await listed();
  };
  const onDisk = (path: string) => join(window.folder, path);

  before(async function () {
    this.timeout(600_000);
    window = await Workbench.open('review', { 'change.py': PROGRAM, 'prices.csv': 'tea,3\ncoffee,5\n', 'old.txt': 'old\n' });
    await window.openFile('change.py');
    await window.runButton.click();
    await window.output(/\[Exited with code 0/);
  });
  after(() => window.close());

  it('lists what the run did, and shows a file as a diff', async () => {
    await window.command('Review Sandbox Changes');
    await listed();
    await window.inAllLooks('changes');
    const labels = await Promise.all((await rows().all()).map((row) => row.getAttribute('aria-label')));
    assert.deepEqual(labels.sort(), ['old.txt, deleted', 'prices.csv, changed', 'report.md, created']);
    const prices = rows().filter({ hasText: 'prices.csv' });
    await prices.hover();
    await prices.getByRole('button', { name: 'Open Diff' }).click();
    await window.page.getByRole('tab', { name: /prices\.csv \(sandbox: changed\)/ }).waitFor();
    const diff = window.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-lines');
    await diff.getByText('tea,4').waitFor();
    await window.inAllLooks('review');
    assert.equal(existsSync(onDisk('report.md')), false);
  });

  it('keeps what was ticked while a diff is looked at, and applies that and no more', async () => {
    await backToTheList();
    await rows().filter({ hasText: 'report.md' }).click();
    const prices = rows().filter({ hasText: 'prices.csv' });
    await prices.hover();
    await prices.getByRole('button', { name: 'Open Diff' }).click();
    await backToTheList();
    await window.page.getByText('1 Selected').waitFor();
    await window.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await window.notification('1 change applied');
    assert.equal(readFileSync(onDisk('report.md'), 'utf8'), '# Report\n\nAll is well.\n');
    assert.equal(readFileSync(onDisk('prices.csv'), 'utf8'), 'tea,3\ncoffee,5\n');
    assert.equal(existsSync(onDisk('old.txt')), true);
  });

  it('opens all that is left under each other, and applies all of it', async () => {
    await window.command('Review Sandbox Changes');
    await window.page.locator('.quick-input-widget').getByRole('button', { name: 'Open All Diffs' }).click();
    await window.page.getByRole('tab', { name: /Sandbox Changes/ }).waitFor();
    await window.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor').getByText('tea,4').waitFor();
    await window.inAllLooks('review-all');
    await backToTheList();
    await window.page.locator('.quick-input-widget').getByRole('checkbox', { name: 'Toggle all checkboxes' }).click();
    await window.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await window.notification('2 changes applied');
    assert.equal(readFileSync(onDisk('prices.csv'), 'utf8'), 'tea,4\ncoffee,5\n');
    assert.equal(existsSync(onDisk('old.txt')), false);
  });
});
