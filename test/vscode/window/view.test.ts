import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from './workbench';

const PROGRAM = 'print("\\x1b[32mall is well\\x1b[0m")\nopen("report.md", "w").write("# Report\\n")\nopen("prices.csv", "a").write("milk,2\\n")\n';

describe('The view of the sandboxes', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('viewed', { 'main.py': PROGRAM, 'fails.py': 'raise SystemExit("no more paper")\n', 'prices.csv': 'tea,3\n' });
  });
  after(() => window.close());

  it('shows the sandbox, its runs and what they changed, as it happens', async function () {
    this.timeout(600_000);
    for (const file of ['main.py', 'fails.py']) {
      await window.openFile(file);
      await window.runButton.click();
      await window.output(file === 'main.py' ? /all is well\n\[Exited with code 0[^\n]*\n\[Changed in the sandbox: report\.md, prices\.csv/ : /no more paper\n\[Exited with code 1/);
    }
    await window.openView();
    await window.row(/^viewed/).waitFor();
    await window.row(/^python main\.py/).waitFor();
    assert.match((await window.row(/^python fails\.py/).getAttribute('aria-label')) ?? '', /exit 1/);
    await window.row(/^Changes/).click();
    await window.row(/^report\.md/).waitFor();
    await window.inAllLooks('view');
  });

  it('opens a run’s whole log, with its colours’ codes, by a click', async () => {
    await window.row(/^python main\.py/).click();
    await window.page.getByRole('tab', { name: /python main\.py\.log/ }).waitFor();
    await window.page.locator('.editor-group-container.active .view-lines').getByText('all is well').waitFor();
    await window.screenshot('view-log');
  });

  it('opens a change as a diff by a click, and applies one by its row', async () => {
    await window.row(/^prices\.csv/).click();
    await window.page.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-lines').getByText('milk,2').waitFor();
    await window.inAllLooks('view-diff');
    await window.row(/^report\.md/).hover();
    await window.row(/^report\.md/).getByRole('button', { name: 'Apply to Folder' }).click();
    await window.row(/^report\.md/).waitFor({ state: 'detached' });
    assert.equal(readFileSync(join(window.folder, 'report.md'), 'utf8'), '# Report\n');
    assert.equal(readFileSync(join(window.folder, 'prices.csv'), 'utf8'), 'tea,3\n');
  });

  it('asks before it resets or deletes, and says what is lost', async () => {
    const dialog = window.page.locator('.monaco-dialog-box');
    await window.menu(window.row(/^viewed/), 'Delete…');
    await dialog.getByText('Delete the sandbox of viewed?').waitFor();
    await dialog.getByText('prices.csv').waitFor();
    await window.inAllLooks('delete');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await window.row(/^viewed/).waitFor({ state: 'detached' });
    assert.equal(existsSync(join(window.folder, 'main.py')), true);
  });

  it('shows the way in, in four steps', async () => {
    await window.page.keyboard.press('Escape');
    await window.page.setViewportSize({ width: 1600, height: 1000 });
    await window.page.keyboard.press('Control+J');
    await window.page.keyboard.press('F1');
    await window.page.locator('.quick-input-widget input[type=text]').fill('>Welcome: Open Walkthrough');
    await window.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Open Walkthrough' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Run code in a sandbox' }).click();
    await window.page.getByText('Have an engine').first().waitFor();
    await window.page.getByText('Take what you want').first().waitFor();
    await window.inAllLooks('walkthrough');
    await window.page.getByText('Run in Sandbox').first().click();
    await window.screenshot('walkthrough-run');
  });
});
