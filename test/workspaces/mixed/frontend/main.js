import { readFile } from 'node:fs/promises';

const greetings = JSON.parse(await readFile(new URL('greetings.json', import.meta.url), 'utf8'));
document.body.textContent = greetings[navigator.language] ?? greetings.en;
