import { Workbench } from './workbench';

describe('A folder that is on no disk, and read-only', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('virtual', {}, 'dark', { at: 'virtual:/project' });
  });
  after(() => window.close());

  it('has single files that run alone', async function () {
    this.timeout(600_000);
    await window.openFile('main.py');
    await window.runButton.click();
    await window.output(/^> python - < main\.py\nalone with \[\]\n\[Exited with code 0/);
  });

  it('says why it has no sandbox when one asks for it', async () => {
    await window.openView();
    await window.command('Sync Now');
    await window.notification('project is not on a disk');
    await window.screenshot('virtual');
  });
});
