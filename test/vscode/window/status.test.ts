import assert from 'node:assert/strict';
import { withSandbox } from './runner';
import { Workbench } from './workbench';

describe('The time a sandbox has left', () => {
  let window: Workbench;
  before(async function () {
    this.timeout(600_000);
    window = await Workbench.open('time', { 'main.py': 'print("here")\n' });
    await window.openFile('main.py');
    await window.runButton.click();
    await window.output(/\[Exited with code 0/);
  });
  after(() => window.close());

  const live = (seconds: number) => withSandbox(window.folder, (sandbox) => sandbox.update({ ttl_seconds: seconds }));

  it('is in the status bar, and runs down by itself', async () => {
    await live(3600);
    await window.status(/python · 1h$/);
    await live(122);
    await window.status(/python · 2m$/);
  });

  it('offers what one would want next', async () => {
    await window.statusItem.click();
    await window.page.getByRole('option', { name: 'Extend', exact: true }).waitFor();
    await window.inAllLooks('actions');
    await window.page.keyboard.press('Escape');
  });

  it('warns when it is nearly over, by words and icon, and can be extended there', async () => {
    await live(58);
    assert.match(await window.status(/python · 1m left$/), /Stopped at \d/);
    await window.statusItem.locator('.codicon-warning').waitFor();
    await window.inAllLooks('expiring');
    await window.statusItem.click();
    await withSandbox(window.folder, (sandbox) => sandbox.update({ ttl_seconds: 3600 }));
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Extend' }).click();
    await window.status(/python · (1h|60m)$/);
  });

  it('ends in a sandbox that is stopped, and says so', async () => {
    await live(1);
    assert.match(await window.status(/python · stopped$/), /Its files are kept/);
    await window.inAllLooks('stopped');
  });

  it('and at last in a deletion, which is announced a day before, and can be called off', async () => {
    await withSandbox(window.folder, (sandbox) => sandbox.update({ retention_seconds: 60 }));
    const notification = await window.notification(/was not used for long/, 90_000);
    assert.match(await window.status(/python · deleted in (24h|1440m|23h \d\dm)$/), /unless you keep it/);
    await window.inAllLooks('deletion');
    await withSandbox(window.folder, (sandbox) => sandbox.update({ retention_seconds: 604_800 }));
    await notification.getByRole('button', { name: 'Keep' }).click();
    await window.status(/python · stopped$/);
  });

  it('starts again with the next run, which wakes the sandbox with its files', async () => {
    await live(3600);
    await window.runButton.click();
    await window.status(/python · (1h|60m)$/);
  });
});
