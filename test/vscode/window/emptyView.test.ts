import { mkdirSync } from 'node:fs';
import { withPetri } from './runner';
import { Workbench } from './workbench';

// Its file comes first in the alphabet, and so in the suite, whose Petri is its own: there is no sandbox yet, of no other folder either.
describe('The view, while its window’s folder has no sandbox', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('empty', { 'main.py': 'print("not yet")\n' });
  });
  after(() => window.close());

  it('says what to do', async () => {
    await window.openView();
    await window.page.locator('.welcome-view', { hasText: 'This folder has no sandbox yet' }).waitFor();
    await window.inAllLooks('view-empty');
  });

  it('still does when other folders have one, which it shows apart', async () => {
    const other = `${window.folder}-other`;
    mkdirSync(other);
    await withPetri(async (petri) => {
      const made = await petri.create({ folder: other, language: 'python' });
      await window.row(/^Other Folders, 1/).waitFor();
      await window.row(/^empty-other, /).waitFor();
      await window.page.locator('.sidebar .message', { hasText: 'This folder has no sandbox yet. The first run makes it.' }).waitFor();
      await window.screenshot('view-others');
      await made.delete();
    });
    await window.page.locator('.welcome-view', { hasText: 'This folder has no sandbox yet' }).waitFor();
  });
});
