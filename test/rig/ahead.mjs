// Installs what the later parts of `npm test` need while the earlier ones run, and gives way to them: it takes minutes, once.
// What cannot be installed is told by the part that needs it, which tries again.
import { setPriority } from 'node:os';
import { installEngine } from './engines/isolated.mjs';
import { RECIPES } from './engines/recipes.mjs';
import { explained, say, sentences } from './say.mjs';
import { installBrowser, installServer } from './vscodeInstall.mjs';

const steps = {
  smoke: Object.keys(RECIPES).map((name) => () => installEngine(name)),
  vscode: [installServer, installBrowser],
};

setPriority(10);
for (const part of process.argv.slice(2)) {
  for (const step of steps[part] ?? []) {
    await step().catch((error) => say(`not yet: ${explained(error) ? sentences(error) : error.stack}`));
  }
}
