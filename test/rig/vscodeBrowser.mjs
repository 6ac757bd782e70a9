// Chromium, without a screen, as the window of VS Code's server.
import { chromium } from 'playwright-core';


const chromiumArguments = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** @param {string} executablePath */
export async function openPage(executablePath, url) {
  const browser = await chromium.launch({ executablePath, headless: true, args: chromiumArguments });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const console = [];
  page.on('console', (message) => {
    console.push(message.text());
    if (console.length > 200) console.shift();
  });
  await page.goto(url);
  return { page, console: () => console.join('\n'), close: () => browser.close() };
}
