import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from './workbench';

const PROGRAM = 'import slugify\n\nprint(slugify.slugify("Mended by its fix"))\n';

describe('A missing import, in the window', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('missing', { 'main.py': PROGRAM, 'requirements.txt': '# what this needs\n' }, 'dark');
    await window.openFile('main.py');
  });
  after(() => window.close());

  it('is underlined, mended by its quick fix, and runs', async function () {
    this.timeout(600_000);
    const { page } = window;
    await window.runButton.click();
    await window.output(/No module named 'slugify'[\s\S]*\[Exited with code 1/);
    await page.locator('.squiggly-warning').first().waitFor();
    await window.screenshot('missing-import');
    await page.locator('.editor-group-container.active .view-line', { hasText: 'import slugify' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('ControlOrMeta+.');
    const fix = page.locator('.action-widget .action', { hasText: 'Add python-slugify to requirements.txt and install' });
    await fix.waitFor();
    await window.screenshot('missing-import-fix');
    await fix.click();
    await window.notification('python-slugify was added to requirements.txt');
    await page.locator('.squiggly-warning').first().waitFor({ state: 'detached', timeout: 300_000 });
    assert.equal(readFileSync(join(window.folder, 'requirements.txt'), 'utf8'), '# what this needs\npython-slugify\n');
    await window.runButton.click();
    await window.output(/mended-by-its-fix\n\[Exited with code 0/);
    await window.screenshot('missing-import-mended');
  });

  it('leaves a bill of materials that names what was added, with its licence', async () => {
    const { page } = window;
    await window.command('Show SBOM');
    await page.locator('.quick-input-title', { hasText: 'Show SBOM' }).waitFor();
    await page.keyboard.press('Enter');
    const frame = page.frameLocator('iframe.webview').frameLocator('#active-frame');
    const row = frame.getByRole('row', { name: /python-slugify/ });
    await row.waitFor();
    assert.match(await row.innerText(), /python-slugify\s+\d[\d.]*\s+MIT\s+pypi/);
    await window.screenshot('sbom');
    await frame.getByRole('searchbox').fill('libc6');
    await frame.getByRole('row', { name: /^libc6/ }).waitFor();
    assert.equal(await row.isVisible(), false);
  });
});
