import { Workbench } from './workbench';

describe('Several folders in one window', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('several', {
      'api/server.py': 'import time\nprint("api serves", flush=True)\ntime.sleep(600)\n', 'api/requirements.txt': '',
      'site/page.js': 'console.log("site built");\n', 'site/package.json': '{}\n',
    }, 'light', { roots: ['api', 'site'] });
  });
  after(() => window.close());

  it('have a sandbox and an output each, and run at the same time', async function () {
    this.timeout(600_000);
    await window.quickOpen('server.py');
    await window.runButton.click();
    await window.output(/api serves/);
    await window.quickOpen('page.js');
    await window.runButton.click();
    await window.output(/^> node page\.js\nsite built\n\[Exited with code 0/);
  });

  it('are told apart in the status bar, which follows the active editor', async () => {
    await window.status(/site · (1h|60m)$/);
    await window.page.getByRole('tab', { name: 'server.py' }).click();
    await window.status(/api · running$/);
    await window.inAllLooks('multi-root');
  });

  it('stand side by side in the view', async () => {
    await window.openView();
    await window.row(/^api/).waitFor();
    await window.row(/^site/).waitFor();
    await window.inAllLooks('multi-root-view');
    await window.command('Sandbox: Stop');
    await window.status(/api · (1h|60m)$/);
  });
});
