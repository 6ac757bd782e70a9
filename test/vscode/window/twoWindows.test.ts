import { Workbench } from './workbench';

const FILES = { 'main.py': 'import time\nprint("from the first window", flush=True)\ntime.sleep(600)\n' };

describe('Two windows on one folder', () => {
  let first: Workbench;
  let second: Workbench;
  before(async () => {
    first = await Workbench.open('shared', FILES);
    second = await Workbench.open('shared', FILES);
  });
  after(async () => {
    await first.close();
    await second.close();
  });

  it('show one sandbox: what one runs, the other sees as it happens, and can stop', async function () {
    this.timeout(600_000);
    await second.openView();
    await first.openFile('main.py');
    await first.runButton.click();
    await first.output(/from the first window/);
    await second.status(/python · running$/);
    const run = second.row(/^python main\.py, running/);
    await run.hover();
    await run.getByRole('button', { name: 'Stop Run' }).click();
    await first.output(/\[Stopped after/);
    await second.row(/^python main\.py, stopped/).waitFor();
    await second.screenshot('second-window');
  });
});
