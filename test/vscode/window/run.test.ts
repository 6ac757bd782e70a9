import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Workbench } from './workbench';

describe('Run in Sandbox', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('shop', join(process.cwd(), 'test', 'workspaces', 'python'));
    await window.openFile('main.py');
  });
  after(() => window.close());

  it('runs a project by a click and shows its output', async function () {
    this.timeout(600_000);
    await window.runButton.click();
    const text = await window.output(/\[Exited with code \d+ after/);
    assert.match(text, /> python main\.py/);
    assert.match(text, /\[Exited with code 0 after/);
    assert.match(await window.status(/python · (60m|1h)/), /^Sandbox of shop.* \(Python\), .*Exited with code 0 after .*: python main\.py/);
    await window.inAllLooks('run');
  });

  it('runs an edit from the palette, at once', async () => {
    await window.type('print("edited in the window")\n');
    await window.command('Sandbox: Run in Sandbox');
    await window.output(/edited in the window\n\[Exited with code 0 after/);
  });

  it('tells a failing run by words, not by colour alone', async () => {
    await window.type('import sys\nprint("about to fail")\nraise SystemExit("no more paper")\n');
    await window.runButton.click();
    // Which of two streams comes first when both are written within a millisecond is chance.
    await window.output(/(about to fail\nno more paper|no more paper\nabout to fail)\n\[Exited with code 1 after/);
    assert.match(await window.status(/exit 1/), /Exited with code 1/);
    await window.inAllLooks('failing');
  });

  it('stops an endless run', async () => {
    await window.type('import time\nprint("waiting", flush=True)\nwhile True: time.sleep(1)\n');
    await window.runButton.click();
    await window.output(/\nwaiting/);
    await window.status(/running/);
    await window.inAllLooks('running');
    await window.page.locator('.editor-actions').getByRole('button', { name: 'Stop' }).click();
    await window.output(/waiting\n\[Stopped after/);
  });
});
