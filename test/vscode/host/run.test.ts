import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile, runInSandbox, shown, type, until } from './editor';

describe('Run in Sandbox', () => {
  it('shows what the active Python file prints, and its exit code', async function () {
    this.timeout(600_000); // the first run may build the image
    await openFile('hello.py', 'import os\nprint("hello from", os.getcwd())\n');
    assert.match(await runInSandbox(), /^> python hello\.py\n(?:\[.*\]\n)*hello from \/sandbox\/workspace\n\[Exited with code 0 after \d+\.\d\d s\]\n$/);
  });

  it('runs what is in the editor: an edit is saved and synced first', async () => {
    const editor = await openFile('edited.py', 'print("before")\n');
    assert.match(await runInSandbox(), /\nbefore\n/);
    await type(editor, 'print("after")\n');
    assert.equal(editor.document.isDirty, true);
    const text = await runInSandbox();
    assert.match(text, /\nafter\n/);
    assert.doesNotMatch(text, /before/);
    assert.equal(editor.document.isDirty, false);
  });

  it('shows stderr and the exit code of a run that fails', async () => {
    await openFile('fails.py', 'import sys\nprint("going down", file=sys.stderr)\nsys.exit(3)\n');
    assert.match(await runInSandbox(), /\ngoing down\n\[Exited with code 3 after /);
  });

  it('keeps characters and line ends whole, and its own line apart', async () => {
    const program = [
      'import sys, time', 'out = sys.stdout.buffer',
      'for part in ("grün\\r".encode(), b"\\n", "日".encode()[:1], "日".encode()[1:], b" no newline at the end"):',
      '    out.write(part); out.flush(); time.sleep(0.02)', '',
    ].join('\n');
    await openFile('bytes.py', program);
    assert.match(await runInSandbox(), /^> python bytes\.py\ngrün\n日 no newline at the end\n\[Exited with code 0 /);
  });

  it('shows everything a talkative program prints, in order, before the exit line', async () => {
    await openFile('talks.py', 'for i in range(50000):\n    print(i)\n');
    const lines = (await runInSandbox()).split('\n');
    const wrong = lines.slice(1, 50_001).findIndex((line, i) => line !== String(i));
    assert.equal(wrong, -1, `line ${wrong} is ${lines[wrong + 1]}`);
    assert.match(lines[50_001] ?? '', /^\[Exited with code 0 /);
  });

  // stopRun without its row is what a click in the view is while the view is redrawn.
  for (const command of ['jhansi.stop', 'jhansi.stopRun']) it(`stops a run that would never end (${command})`, async () => {
    await openFile('endless.py', 'import time\nprint("started", flush=True)\nwhile True:\n    time.sleep(0.1)\n');
    const before = (await shown()).length;
    const run = vscode.commands.executeCommand('jhansi.runInSandbox');
    await until('the program has started', async () => (await shown()).slice(before).includes('\nstarted\n'));
    await vscode.commands.executeCommand(command);
    await run;
    assert.match((await shown()).slice(before), /\nstarted\n\[Stopped after /);
  });

  it('asks, and does not run twice, while the last run is not over', async () => {
    await openFile('slow.py', 'import time\nprint("once", flush=True)\ntime.sleep(60)\n');
    const before = (await shown()).length;
    const first = vscode.commands.executeCommand('jhansi.runInSandbox');
    await until('the program has started', async () => (await shown()).slice(before).includes('\nonce\n'));
    await vscode.commands.executeCommand('jhansi.runInSandbox');
    await vscode.commands.executeCommand('jhansi.stop');
    await first;
    assert.equal((await shown()).slice(before).split('> python slow.py').length, 2);
  });

  it('takes a file whose name looks like an option, or needs quoting, as a file', async () => {
    await openFile('-c', 'not this');
    const editor = await openFile('-V it’s.py', 'print("odd name")\n');
    assert.equal(editor.document.languageId, 'python');
    assert.match(await runInSandbox(), /\nodd name\n\[Exited with code 0 /);
  });
});
