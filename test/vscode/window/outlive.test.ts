import assert from 'node:assert/strict';
import { SLOW } from './programs';
import { withSandbox } from './runner';
import { Workbench } from './workbench';

/** A gigabyte is the extension host's suite's; what a window feels of it is in its first seconds. */
const FLOOD = 'import sys\npad = b"." * 988 + b"\\n"\nfor n in range(200_000):\n    sys.stdout.buffer.write(b"%011d" % n + pad)\nprint("the last line")\n';

describe('A run that outlives its window', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('outlive', { 'slow.py': SLOW }, 'dark');
  });
  after(() => window.close());

  it('is shown again by the next one, still running, from its beginning to its end', async function () {
    this.timeout(600_000);
    await window.openFile('slow.py');
    await window.runButton.click();
    await window.output(/\n0 1 2 3 /);
    await window.page.reload();
    await window.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    await window.status(/running/i);
    await window.command('Show Output');
    await window.screenshot('outlive-running');
    await withSandbox(window.folder, (sandbox) => sandbox.exec({ command: 'touch enough' }).result());
    await window.output(/^> python slow\.py\n\[Started [^\]]*\]\n0 1 2 [\d\s]*\[Exited with code 5 after/);
    await window.screenshot('outlive');
    await window.status(/exit 5/);
  });
});

describe('Much output in a window', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('flood', { 'flood.py': FLOOD }, 'light');
  });
  after(() => window.close());

  it('leaves it quick, and its log opens at its end', async function () {
    this.timeout(600_000);
    await window.openFile('flood.py');
    await window.runButton.click();
    await window.output(/\n0000\d+\./);
    const over = window.page.locator('.notification-list-item', { hasText: 'wrote more than its channel shows' });
    const took: number[] = [];
    while (await over.count() === 0 && took.length < 2000) {
      const start = performance.now();
      await window.page.keyboard.press('F1');
      await window.page.locator('.quick-input-widget input[type=text]').waitFor();
      took.push(performance.now() - start);
      await window.page.keyboard.press('Escape');
      await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      await window.page.waitForTimeout(200);
    }
    const median = took.toSorted((one, other) => one - other)[took.length >> 1] ?? Infinity;
    const slowest = Math.max(...took);
    const times = `${took.length} times, as a rule in ${Math.round(median)} ms, the slowest in ${Math.round(slowest)} ms`;
    console.log(`      the palette opened ${times}`);
    assert.ok(took.length > 1 && median < 1500 && slowest < 15_000, times);
    await window.output(/\nthe last line\n\[Exited with code 0/);
    await over.getByRole('button', { name: 'Open Full Log' }).click();
    await window.notification('This is the end of a log of 191 MB');
    await window.page.getByRole('tab', { name: /flood\.py\.log/ }).waitFor();
    await window.screenshot('flood');
  });
});
