import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

export const THEMES = { light: 'Default Light Modern', dark: 'Default Dark Modern', contrast: 'Default High Contrast' } as const;
export type Look = keyof typeof THEMES;
const THEME_CLASS: Record<Look, string> = { light: 'vs', dark: 'vs-dark', contrast: 'hc-black' };

/** `untrusted`: folders are, until the user says otherwise. `engineless`: the engine is there while `engineRuns` says so. */
type Kind = 'plain' | 'untrusted' | 'engineless';
export interface OpenOptions {
  in?: Kind;
  /** Names of folders of `files` that are opened beside each other. */
  roots?: string[];
  settings?: Record<string, unknown>;
  /** Opens this address instead of a folder on the disk. */
  at?: string;
}

const opened = new Set<Workbench>();

// For whoever asks why a test failed: what its windows showed.
afterEach(async function () {
  if (this.currentTest?.state !== 'failed') return;
  for (const workbench of opened) await workbench.screenshot(`failed-${basename(workbench.folder)}`);
});

/** A window of the real VS Code, driven as a user would: keys, clicks, and what can be seen. */
export class Workbench {
  private constructor(private readonly browser: Browser, readonly page: Page, readonly folder: string, private readonly settingsFile: string) {}

  /** Opens a copy of `files` (a folder of real files, or texts by path) in a window of its own. */
  static async open(name: string, files: string | Record<string, string>, look: Look = 'light', { in: kind = 'plain', roots, settings = {}, at }: OpenOptions = {}): Promise<Workbench> {
    const folder = join(given('PETRI_TEST_WORKSPACES'), name);
    if (typeof files === 'string') cpSync(files, folder, { recursive: true });
    else for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
    const { url, settingsFile } = (JSON.parse(given('PETRI_TEST_WINDOWS')) as Record<Kind, { url: string; settingsFile: string }>)[kind];
    const browser = await chromium.launch({
      executablePath: given('PETRI_TEST_CHROMIUM'), headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    const workbench = new Workbench(browser, page, folder, settingsFile);
    opened.add(workbench);
    workbench.set({ ...settings, 'workbench.colorTheme': THEMES[look] });
    await page.goto(roots ? url.replace('folder=FOLDER', `workspace=${encodeURIComponent(workspaceFile(folder, roots))}`) : url.replace('FOLDER', encodeURIComponent(at ?? folder)));
    const loaded = () => page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    // A window whose Explorer stays empty is one that VS Code did not finish; its picture tells why.
    await loaded().catch(async () => {
      await workbench.screenshot(`reloaded-${name}`);
      await page.reload();
      await loaded();
    });
    return workbench;
  }

  /** Changes the user's settings, as by hand in their file; undefined takes one out. */
  set(settings: Record<string, unknown>): void {
    const before = JSON.parse(readFileSync(this.settingsFile, 'utf8')) as object;
    writeFileSync(this.settingsFile, JSON.stringify({ ...before, ...settings }));
  }

  /** What there is to see now, in each theme. */
  async inAllLooks(name: string): Promise<void> {
    for (const look of ['contrast', 'dark', 'light'] as const) {
      await this.putOn(look);
      await this.screenshot(`${name}-${look}`);
    }
  }

  /** The user looks at something else, and comes back. A page without a screen thinks that it is always looked at. */
  async leaveAndReturn(): Promise<void> {
    for (const [event, focused] of [['blur', false], ['focus', true]] as const) {
      await this.page.evaluate(`document.hasFocus = () => ${focused}; window.dispatchEvent(new Event('${event}'))`);
      await this.page.waitForTimeout(300);
    }
  }

  /** Writes the setting until it is seen: VS Code may read the file in the middle of a write, and a busy machine forgets to tell of it. */
  private async putOn(look: Look): Promise<void> {
    const worn = this.page.locator(`.monaco-workbench.${THEME_CLASS[look]}`);
    for (let attempt = 1; ; attempt += 1) {
      this.set({ 'workbench.colorTheme': THEMES[look] });
      const seen = worn.waitFor({ timeout: 10_000 });
      if (attempt === 3) return seen;
      if (await seen.then(() => true, () => false)) return;
    }
  }

  async openFile(name: string): Promise<void> {
    await this.page.getByRole('treeitem', { name, exact: true }).dblclick();
    await this.page.getByRole('tab', { name }).waitFor();
  }

  /** By its name, wherever in the window's folders it lies. */
  async quickOpen(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+P');
    await this.page.locator('.quick-input-widget input[type=text]').fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor();
    await this.page.keyboard.press('Enter');
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
    // Not a click: the list is still being filtered, and the row may be another by then.
    const row = this.page.locator('.quick-input-list .monaco-list-row', { has: this.page.locator('.label-name', { hasText: new RegExp(`^(Sandbox: )?${title}$`) }) });
    const look = async (timeout: number) => {
      await this.page.keyboard.press('F1');
      const input = this.page.locator('.quick-input-widget input[type=text]');
      await input.waitFor();
      await input.fill(`>${title}`);
      await row.waitFor({ timeout });
    };
    // The palette has what was known when it was opened, which in a window's first moments lacks the extensions' commands.
    await look(5_000).catch(async () => {
      await this.page.keyboard.press('Escape');
      await look(30_000);
    });
    // Twice in a row: a filter that ends late puts the focus elsewhere once more.
    for (let step = 0, seen = 0; seen < 2; step += 1) {
      assert.ok(step < 300, `the palette never had its focus on ${title}`);
      const focused = /\bfocused\b/.test((await row.getAttribute('class')) ?? '');
      seen = focused ? seen + 1 : 0;
      if (!focused) await this.page.keyboard.press('ArrowDown');
      await this.page.waitForTimeout(100);
    }
    await this.page.keyboard.press('Enter');
  }

  /** From a row's own menu. By the keyboard: VS Code takes no click in the first tenth of a second of a menu's life. */
  async menu(row: Locator, item: string): Promise<void> {
    await row.click({ button: 'right' });
    const chosen = this.page.getByRole('menuitem', { name: item });
    await chosen.hover();
    await this.page.locator('.monaco-menu .action-item.focused', { has: chosen }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Opens the view from the activity bar. */
  async openView(): Promise<void> {
    await this.page.locator('.activitybar').getByRole('tab', { name: 'Sandbox' }).click();
    await this.page.locator('.sidebar .composite.title', { hasText: 'Sandbox' }).waitFor();
  }

  /** A row of a tree in the side bar, by what a screen reader says of it. */
  row(label: string | RegExp): Locator {
    return this.page.locator('.sidebar').getByRole('treeitem', { name: label }).first();
  }

  get statusItem(): Locator {
    return this.page.locator('[id="jhansi.jhansi.jhansi.sandbox"]');
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
    const item = this.statusItem;
    await this.#until(async () => (await item.innerText().catch(() => '')).trim(), expected, 'the status bar');
    return (await item.locator('[aria-label]').first().getAttribute('aria-label')) ?? '';
  }

  /** Waits for a notification that says it. */
  async notification(text: string | RegExp, timeout = 30_000): Promise<Locator> {
    const found = this.page.locator('.notification-list-item', { hasText: text });
    await found.waitFor({ timeout });
    return found;
  }

  async screenshot(name: string): Promise<void> {
    await this.page.waitForTimeout(300); // what fades in has faded in
    await this.page.screenshot({ path: join(given('PETRI_TEST_SCREENSHOTS'), `${name}.png`) });
  }

  async close(): Promise<void> {
    opened.delete(this);
    await this.browser.close();
  }

  async #until(read: () => Promise<string>, expected: RegExp, where: string): Promise<string> {
    let last = '';
    for (let waited = 0; waited < 120_000; waited += 200) {
      last = await read();
      if (expected.test(last)) return last;
      await this.page.waitForTimeout(200);
    }
    assert.fail(`${where} never said ${expected}; at last:\n${last}`);
  }
}

/** Whether the engine of `engineless` windows runs. */
export function engineRuns(runs: boolean): void {
  const file = given('PETRI_TEST_ENGINE_SWITCH');
  if (runs) writeFileSync(file, '');
  else rmSync(file, { force: true });
}

function workspaceFile(folder: string, roots: string[]): string {
  const file = join(folder, 'all.code-workspace');
  write(file, JSON.stringify({ folders: roots.map((path) => ({ path })) }));
  return file;
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
