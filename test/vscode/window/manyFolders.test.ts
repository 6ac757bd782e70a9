import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from './workbench';

const NAMES = Array.from({ length: 20 }, (_, index) => `part${String(index + 1).padStart(2, '0')}`);

describe('Twenty folders in one window', () => {
  let window: Workbench;
  before(async () => {
    const files = NAMES.map((name) => [`${name}/of_${name}.py`, `print("from ${name}")\n`]);
    window = await Workbench.open('twenty', Object.fromEntries(files) as Record<string, string>, 'light', { roots: NAMES });
  });
  after(() => window.close());

  it('run each for itself: the file’s folder, or the one that is chosen where no file tells', async function () {
    this.timeout(600_000);
    await window.quickOpen('of_part17.py');
    await window.runButton.click();
    await window.output(/\nfrom part17\n\[Exited with code 0/);
    await window.status(/part17 · (1h|60m)$/);
    await window.command('View: Close All Editors');
    await window.command('Run Command in Sandbox…');
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'part01' }).waitFor();
    await window.screenshot('many-choose');
    await window.page.keyboard.type('part03');
    await window.page.keyboard.press('Enter');
    await window.page.locator('.quick-input-title', { hasText: 'part03' }).waitFor();
    await window.page.keyboard.type('echo $(ls)');
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'echo $(ls)' }).waitFor();
    await window.page.keyboard.press('Enter');
    await window.output(/^> echo \$\(ls\)\n[\s\S]*of_part03\.py\n\[Exited with code 0/);
    await window.openView();
    await window.row(/^part03, /).waitFor();
    await window.row(/^part17, /).waitFor();
    await window.screenshot('many');
  });

  it('that are gone or have another name say so, and what they left can be deleted', async () => {
    rmSync(join(window.folder, 'part17'), { recursive: true });
    renameSync(join(window.folder, 'part03'), join(window.folder, 'renamed'));
    await window.command('Run Again');
    await window.notification(/part03 is not there/);
    await window.output(/> echo \$\(ls\)\n\[The folder /);
    await window.row(/^part03, .*its folder is gone/).waitFor();
    await window.row(/^part17, .*its folder is gone/).waitFor();
    await window.inAllLooks('many-gone');
    const dialog = window.page.locator('.monaco-dialog-box');
    await window.menu(window.row(/^part17/), 'Delete…');
    await dialog.getByText('Delete the sandbox of part17?').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await window.row(/^part17/).waitFor({ state: 'detached' });
  });
});
