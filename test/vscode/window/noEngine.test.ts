import { engineRuns, Workbench } from './workbench';

describe('Without an engine', () => {
  let window: Workbench;
  const lookAgain = () => window.page.locator('.sidebar').getByRole('button', { name: 'Look for the Engine Again' });
  before(async () => {
    window = await Workbench.open('engineless', { 'main.py': 'print("there it is")\n' }, 'light', { in: 'engineless' });
  });
  after(async () => {
    engineRuns(true);
    await window.close();
  });

  it('says so in a sentence, with what to do', async () => {
    await window.openFile('main.py');
    await window.runButton.click();
    const notification = await window.notification(/engine/i);
    await notification.getByRole('button', { name: 'Try Again' }).waitFor();
    await window.openView();
    await lookAgain().waitFor();
    await window.inAllLooks('no-engine');
  });

  it('finds it by itself when somebody looks again, and runs', async function () {
    this.timeout(600_000);
    engineRuns(true);
    await lookAgain().click();
    await lookAgain().waitFor({ state: 'detached' });
    const notification = await window.notification(/engine/i);
    await notification.getByRole('button', { name: 'Try Again' }).click();
    await window.output(/there it is\n\[Exited with code 0/);
    await window.screenshot('engine-back');
  });

  it('says so again when it stops in the middle of a run, and goes on when it is back', async () => {
    await window.type('import time\nprint("waiting", flush=True)\ntime.sleep(600)\n');
    await window.runButton.click();
    await window.output(/waiting/);
    engineRuns(false);
    await window.output(/\[[^\]]*(lost|engine)[^\]]*\]/i);
    await window.status(/no engine$/);
    await window.row(/^engineless, Python · no engine$/).waitFor();
    await window.inAllLooks('engine-stopped');
    engineRuns(true);
    await window.leaveAndReturn();
    await window.status(/(1h|60m|stopped|exit \d+|failed)/);
    await window.type('print("back again")\n');
    await window.runButton.click();
    await window.output(/back again\n\[Exited with code 0/);
  });
});
