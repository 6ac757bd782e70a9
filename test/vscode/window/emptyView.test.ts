import { Workbench } from './workbench';

// Its file comes first in the alphabet, and so in the suite: there is no sandbox yet, of no other folder either.
describe('The view, before there is any sandbox', () => {
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
});
