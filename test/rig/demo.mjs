// npm run demo [-- FOLDER [COMMAND…]]: the main job on a real project, explained as it goes. Works on a copy.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { show } from './command.mjs';
import { ensureEngine } from './engine.mjs';
import { ensureBaseImage } from './images.mjs';
import { underNode24 } from './node.mjs';
import { DIST, WORKSPACES } from './places.mjs';
import { entry, RigError } from './say.mjs';

await entry(async () => {
  await underNode24();
  await ensureBuilt();
  await ensureBaseImage(await ensureEngine());
  const { folder, command, edit } = chosen(process.argv.slice(2));
  const temporary = mkdtempSync(join(tmpdir(), 'petri-demo-'));
  const copy = join(temporary, basename(folder));
  // As the links are: what they point to may lie outside.
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  try {
    tell(`A copy of ${folder}. First run: the sandbox is made, all files travel, the command runs in a container without a network.`);
    await petri(['run', copy, '--', ...command]);
    tell(`One file edited: ${edit.path}. Second run: a container is waiting, one file is sent.`);
    appendFileSync(join(copy, edit.path), edit.append);
    await petri(['run', copy, '--', ...command]);
    tell('What the runs changed. It is in the sandbox; the folder has none of it until you take it.');
    // As diff does, it may say by its exit code that there are differences.
    await petri(['diff', copy], [0, 1]);
    tell('The process behind all this, and what it looks after.');
    await petri(['status']);
  } finally {
    tell('Cleaning up: this demo\'s sandbox and the copy.');
    await petri(['rm', copy, '--yes']).catch(() => {});
    rmSync(temporary, { recursive: true, force: true });
  }
});

/** A folder of test/workspaces knows its command; any other takes it from the arguments. */
function chosen([given, ...command]) {
  // npm changes into the repository; the folder was meant from where the user stood.
  const folder = given ? resolve(process.env.INIT_CWD ?? '.', given) : join(WORKSPACES, 'python');
  const known = JSON.parse(readFileSync(join(WORKSPACES, 'workspaces.json'), 'utf8'));
  const workspace = join(WORKSPACES, basename(folder)) === folder ? known[basename(folder)] : undefined;
  const words = command[0] === '--' ? command.slice(1) : command;
  if (words.length === 0 && !workspace) throw new RigError('What shall run in it? npm run demo -- FOLDER COMMAND…');
  return {
    folder, command: words.length > 0 ? words : workspace.command,
    edit: workspace?.edit ?? { path: 'petri-demo.txt', append: 'a line\n' },
  };
}

async function petri(args, expected = [0]) {
  process.stdout.write(`\n$ petri ${args.join(' ')}\n`);
  const start = performance.now();
  const code = await show(process.execPath, [join(DIST, 'runner', 'petri.cjs'), ...args], { seconds: 900 });
  process.stdout.write(`(exit code ${code}, ${((performance.now() - start) / 1000).toFixed(2)} s)\n`);
  if (!expected.includes(code)) throw new RigError(`petri ${args[0]} ended with ${code}.`);
}

function tell(sentence) {
  process.stdout.write(`\n── ${sentence}\n`);
}
