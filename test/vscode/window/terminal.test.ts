import assert from 'node:assert/strict';
import { THEMES, Workbench, type Look } from './workbench';

/** Runs in the page; the tests' own types know no DOM. */
const colorOf = (element: unknown) => (globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }).getComputedStyle(element).color;

for (const look of Object.keys(THEMES) as Look[]) {
  describe(`Open Sandbox Terminal, in a ${look} window`, () => {
    let window: Workbench;
    before(async () => {
      window = await Workbench.open(`terminal-${look}`, { 'hello.py': 'print("\\033[32mgreen\\033[0m and grün")\n' }, look);
    });
    after(() => window.close());

    it('takes what is typed, shows what programs write, in colour, and follows the panel’s size', async function () {
      this.timeout(600_000);
      await window.openFile('hello.py');
      await window.runButton.waitFor();
      await window.command('Open Sandbox Terminal');
      await window.terminal(/workspace\$\n$/);
      await window.page.keyboard.type('python hello.py; stty size\n');
      const text = await window.terminal(/\ngreen and grün\n\d+ \d+\n/);
      const before = /\n(\d+) (\d+)\n/.exec(text)!;
      const green = await window.page.locator('.xterm-rows span', { hasText: 'green' }).last().evaluate(colorOf);
      const plain = await window.page.locator('.xterm-rows').evaluate(colorOf);
      assert.notEqual(green, plain);
      await window.page.setViewportSize({ width: 900, height: 640 });
      await window.page.waitForTimeout(1000);
      await window.page.keyboard.type('clear; stty size\n');
      const after = /^(\d+) (\d+)\n/.exec(await window.terminal(/^\d+ \d+\n/))!;
      assert.ok(Number(after[2]) < Number(before[2]), `${after[2]} columns of ${before[2]}`);
      await window.page.keyboard.type('sleep 600\n');
      await window.page.waitForTimeout(500);
      await window.page.keyboard.press('Control+C');
      await window.terminal(/\^C\n/);
      await window.screenshot(`terminal-${look}`);
      await window.page.keyboard.type('exit\n');
      await window.page.locator('.xterm-rows').waitFor({ state: 'detached' });
    });
  });
}
