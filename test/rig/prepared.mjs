// node test/rig/prepared.mjs SCRIPT ARGS…: SCRIPT of this repository, once everything is installed and built.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { show } from './command.mjs';
import { underNode24 } from './node.mjs';
import { ROOT } from './places.mjs';
import { entry } from './say.mjs';

const [script, ...args] = process.argv.slice(2);

await entry(async () => {
  await underNode24();
  await ensureBuilt();
  // Ctrl-C is for the script to answer.
  process.on('SIGINT', () => {});
  // npm changes into the repository; folders were meant from where the user stood.
  const code = await show(process.execPath, [join(ROOT, script), ...args], { cwd: process.env.INIT_CWD ?? process.cwd() });
  process.exitCode = typeof code === 'number' ? code : 1;
});
