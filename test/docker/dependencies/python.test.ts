import assert from 'node:assert/strict';
import { openBench, type Bench } from '../support/petri';

describe('Python dependencies', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());
  const sandboxOf = (files: Record<string, string>) => bench.folderSandbox(files, 'python');

  it('are what a lone program imports, on the first press; then it starts at once', async () => {
    const { sandbox } = await sandboxOf({ 'main.py': 'import requests, cv2, sklearn, yaml\nprint(yaml.safe_load("a: 1"), cv2.__version__ > "4", sklearn.__name__, requests.codes.ok)\n' });
    const first = await bench.run(sandbox, ['python', 'main.py']);
    assert.deepEqual([first.stderr.toString(), first.stdout.toString(), first.done.exit_code], ['', '{\'a\': 1} True sklearn 200\n', 0]);
    assert.match(first.installed, /Collecting requests/i);
    assert.ok(first.progress.some((message) => /^Installing 4 packages/.test(message)), first.progress.join('\n'));
    await bench.settled(sandbox);
    const started = performance.now();
    const second = await bench.run(sandbox, ['python', 'main.py']);
    process.stdout.write(`      second run: ${Math.round(performance.now() - started)} ms\n`);
    assert.deepEqual([second.installed, second.stdout.toString()], ['', first.stdout.toString()]);
  });
});
