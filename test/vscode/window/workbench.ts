import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

/** A window of the real VS Code, driven as a user would: keys, clicks, and what can be seen. */
export class Workbench {
  private constructor(private readonly browser: Browser, readonly page: Page, readonly folder: string) {}

  /** Opens a copy of `files` (a folder of real files, or texts by path) in a window of its own. */
  static async open(name: string, files: string | Record<string, string>, theme: string): Promise<Workbench> {
    const folder = join(given('PETRI_TEST_WORKSPACES'), name);
    if (typeof files === 'string') cpSync(files, folder, { recursive: true });
    else for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
    const settingsFile = given('PETRI_TEST_SETTINGS');
    const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as object;
    writeFileSync(settingsFile, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
    const browser = await chromium.launch({
      executablePath: given('PETRI_TEST_CHROMIUM'), headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    await page.goto(given('PETRI_TEST_URL').replace('FOLDER', encodeURIComponent(folder)));
    const workbench = new Workbench(browser, page, folder);
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    return workbench;
  }

  async openFile(name: string): Promise<void> {
    await this.page.getByRole('treeitem', { name, exact: true }).dblclick();
    await this.page.getByRole('tab', { name }).waitFor();
  }

  /** Replaces the whole text of the active editor by typing it. */
  async type(text: string): Promise<void> {
    await this.page.locator('.editor-group-container.active .monaco-editor .view-lines').click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
  }

  /** By its title in the command palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type=text]');
    await input.waitFor();
    await input.fill(`>${title}`);
    // Not a click: the list is still being filtered, and the row may be another by then.
    const row = this.page.locator('.quick-input-list .monaco-list-row', { has: this.page.locator('.label-name', { hasText: new RegExp(`^(Sandbox: )?${title}$`) }) });
    await row.waitFor();
    for (let step = 0; step < 20 && !/\bfocused\b/.test((await row.getAttribute('class')) ?? ''); step += 1) await this.page.keyboard.press('ArrowDown');
    await this.page.keyboard.press('Enter');
  }

  get runButton(): Locator {
    return this.page.locator('.editor-actions').getByRole('button', { name: 'Run in Sandbox' });
  }

  /** Waits until the panel shows it. */
  async output(expected: RegExp): Promise<string> {
    return this.#until(() => textOf(this.page.locator('.panel .monaco-editor .view-lines')), expected, 'the output panel');
  }

  /** Waits until the terminal shows it; answers its lines, without the blanks at their ends. */
  async terminal(expected: RegExp): Promise<string> {
    const rows = this.page.locator('.terminal-wrapper.active .xterm-rows > div');
    const read = async () => `${(await rows.allTextContents()).map((line) => line.replace(/\u00a0/g, ' ').trimEnd()).join('\n').trimEnd()}\n`;
    return this.#until(read, expected, 'the terminal');
  }

  /** Waits until the status bar says it; answers what a screen reader would. */
  async status(expected: RegExp): Promise<string> {
    const item = this.page.locator('[id="jhansi.jhansi.jhansi.sandbox"]');
    await this.#until(async () => (await item.innerText().catch(() => '')).trim(), expected, 'the status bar');
    return (await item.locator('[aria-label]').first().getAttribute('aria-label')) ?? '';
  }

  /** Waits for a notification that says it. */
  async notification(text: string | RegExp): Promise<Locator> {
    const found = this.page.locator('.notification-list-item', { hasText: text });
    await found.waitFor();
    return found;
  }

  async screenshot(name: string): Promise<void> {
    await this.page.waitForTimeout(300); // what fades in has faded in
    await this.page.screenshot({ path: join(given('PETRI_TEST_SCREENSHOTS'), `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  async #until(read: () => Promise<string>, expected: RegExp, where: string): Promise<string> {
    let last = '';
    for (let waited = 0; waited < 120_000; waited += 200) {
      last = await read();
      if (expected.test(last)) return last;
      await this.page.waitForTimeout(200);
    }
    await this.screenshot('failed');
    assert.fail(`${where} never said ${expected}; at last:\n${last}`);
  }
}

/** An editor's visible lines, top to bottom, whatever order they have in the page. */
async function textOf(editor: Locator): Promise<string> {
  const lines = await editor.locator('.view-line').all();
  const placed = await Promise.all(lines.map(async (line) => {
    const [style, text] = await Promise.all([line.getAttribute('style', { timeout: 1000 }), line.textContent({ timeout: 1000 })]);
    return { top: Number(/top:\s*(-?\d+)/.exec(style ?? '')?.[1]), text: (text ?? '').replace(/\u00a0/g, ' ') };
  })).catch(() => []); // scrolled away while being read: read again
  return placed.sort((a, b) => a.top - b.top).map(({ text }) => text).join('\n');
}

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing; start the suite with \`node test/rig/vscode.mjs test\`.`);
  return value;
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
