import assert from 'node:assert/strict';
import { Workbench } from './workbench';

/** Runs in the page; the tests' own types know no DOM. */
const colorOf = (element: unknown) => (globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }).getComputedStyle(element).color;

const SIZES = 'import os, signal, time\nsay = lambda *_: print("columns", os.get_terminal_size().columns, flush=True)\nsignal.signal(signal.SIGWINCH, say)\nsay()\nwhile True: time.sleep(1)\n';

describe('Open Sandbox Terminal, in the window', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open('terminal', { 'hello.py': 'print("\\033[32mgreen\\033[0m and grün")\n', 'sizes.py': SIZES });
  });
  after(() => window.close());

  it('takes what is typed, shows what programs write, in colour, and follows the panel’s size', async function () {
    this.timeout(600_000);
    await window.openFile('hello.py');
    await window.runButton.waitFor();
    await window.command('Open Sandbox Terminal');
    await window.terminal(/workspace\$\n$/);
    await window.page.keyboard.type('python hello.py; python sizes.py\n');
    const text = await window.terminal(/\ngreen and grün\ncolumns \d+\n/);
    const green = await window.page.locator('.xterm-rows span', { hasText: 'green' }).last().evaluate(colorOf);
    const plain = await window.page.locator('.xterm-rows').evaluate(colorOf);
    assert.notEqual(green, plain);
    await window.inAllLooks('terminal');
    const [columns] = columnsIn(text);
    await window.page.setViewportSize({ width: 900, height: 640 });
    const after = await window.terminal(/columns \d+\n(.*\n)*columns \d+\n/);
    assert.ok(columnsIn(after).at(-1)! < columns!, after);
    await window.page.keyboard.press('Control+C');
    await window.terminal(/\^C[\s\S]*KeyboardInterrupt\n+.*workspace\$\n$/);
    await window.screenshot('terminal-narrow');
    await window.page.keyboard.type('exit\n');
    await window.page.locator('.xterm-rows').waitFor({ state: 'detached' });
  });
});

function columnsIn(text: string): number[] {
  return [...text.matchAll(/^columns (\d+)$/gm)].map(([, columns]) => Number(columns));
}
