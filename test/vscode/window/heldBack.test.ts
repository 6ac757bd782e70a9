import { Workbench } from './workbench';

describe('What may hold secrets', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('secrets', { 'main.py': 'import os\nprint("sees", sorted(name for name in os.listdir() if name.startswith(".env")))\n', '.env': 'KEY=1\n', '.env.example': 'KEY=\n' });
  });
  after(() => window.close());

  it('stays at home and is named, and goes along once it is allowed', async function () {
    this.timeout(600_000);
    await window.openFile('main.py');
    await window.runButton.click();
    await window.output(/sees \['\.env\.example'\]/);
    const notification = await window.notification('it may hold secrets: .env');
    await window.inAllLooks('held-back');
    await notification.getByRole('button', { name: 'Allow for This Folder…' }).click();
    const row = window.page.locator('.quick-input-list .monaco-list-row', { hasText: '.env' });
    await row.waitFor();
    await window.screenshot('held-back-choose');
    await row.click();
    await window.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await (await window.notification('from the next run on')).getByRole('button', { name: 'Run Again' }).click();
    await window.output(/sees \['\.env', '\.env\.example'\]/);
  });
});
