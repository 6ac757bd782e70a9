import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Paced } from '../../../src/extension/terminals/paced';
import { exists, folder, inFolder, openFile, until } from './editor';
import { runsIn } from './runnerRecords';

const root = () => folder().uri.fsPath;
const newest = async () => (await runsIn(root()))[0];

/** Opens one and waits until its shell is there. */
async function open(): Promise<vscode.Terminal> {
  const before = (await newest())?.id;
  const opened = new Promise<vscode.Terminal>((resolve) => {
    const listening = vscode.window.onDidOpenTerminal((terminal) => {
      listening.dispose();
      resolve(terminal);
    });
  });
  await vscode.commands.executeCommand('jhansi.openTerminal');
  const terminal = await opened;
  await until('the shell has started', async () => (await newest())?.id !== before);
  return terminal;
}

describe('Open Sandbox Terminal', function () {
  this.timeout(600_000);

  it('opens a shell in the folder’s sandbox, whose exit code the terminal ends with', async () => {
    await openFile('seen.txt', 'by the terminal\n');
    const terminal = await open();
    assert.match(terminal.name, /^Sandbox: /);
    terminal.sendText('grep -q "by the terminal" seen.txt && test -t 0 && exit 3');
    await until('it has ended', () => terminal.exitStatus !== undefined);
    assert.equal(terminal.exitStatus?.code, 3);
    assert.partialDeepStrictEqual(await newest(), { reason: 'exited', exit_code: 3, command: ['bash'], created_by: 'vscode' });
  });

  it('brings nothing to the disk by itself', async () => {
    const terminal = await open();
    terminal.sendText('echo made > in-the-terminal.txt; exit');
    await until('it has ended', () => terminal.exitStatus !== undefined);
    assert.equal(await exists('in-the-terminal.txt'), false);
  });

  it('ends everything in it when it is closed', async () => {
    const terminal = await open();
    terminal.sendText('trap "" HUP TERM; sleep 600');
    await sleep(500);
    terminal.dispose();
    await until('the run has ended', async () => (await newest())?.status === 'finished');
    assert.equal((await newest())?.reason, 'cancelled');
  });

  it('is in the list of profiles', async () => {
    const { contributes } = vscode.extensions.getExtension('jhansi.jhansi')!.packageJSON as { contributes: { terminal: { profiles: Array<{ id: string }> } } };
    const opened = new Promise<vscode.Terminal>((resolve) => {
      const listening = vscode.window.onDidOpenTerminal((terminal) => {
        listening.dispose();
        resolve(terminal);
      });
    });
    const profile = contributes.terminal.profiles[0]!.id;
    await vscode.commands.executeCommand('workbench.action.terminal.newWithProfile', { extension: 'jhansi.jhansi', id: profile, config: { extensionIdentifier: 'jhansi.jhansi', id: profile, title: 'Sandbox' } });
    const terminal = await opened;
    assert.match(terminal.name, /^Sandbox/);
    terminal.sendText('exit');
    await until('it has ended', () => terminal.exitStatus !== undefined);
  });
});

describe('A terminal’s output', () => {
  it('comes no faster than a window can draw it, whole, and characters stay whole', async () => {
    const shown: string[] = [];
    const paced = new Paced((text) => shown.push(text));
    const sent = 'grün 日本\r\n'.repeat(150_000);
    const bytes = Buffer.from(sent);
    const start = performance.now();
    for (let at = 0; at < bytes.length; at += 65_537) await paced.write(bytes.subarray(at, at + 65_537));
    assert.ok(performance.now() - start > 80, 'it held nobody back');
    paced.flush();
    assert.ok(shown.every((text) => text.length <= 300_000), 'one batch is too much at once');
    assert.ok(shown.join('') === sent);
  });

  it('shows a key’s echo at once', async () => {
    const shown: string[] = [];
    const paced = new Paced((text) => shown.push(text));
    assert.equal(paced.write(Buffer.from('a')), undefined);
    await sleep(60);
    assert.deepEqual(shown, ['a']);
  });
});

describe('A task of type sandbox', function () {
  this.timeout(600_000);
  const file = () => inFolder('.vscode/tasks.json');
  after(() => vscode.workspace.fs.delete(file()));

  async function fetch(definitions: object[]): Promise<Map<string, vscode.Task>> {
    await vscode.workspace.fs.writeFile(file(), Buffer.from(JSON.stringify({ version: '2.0.0', tasks: definitions })));
    let found: vscode.Task[] = [];
    await until('VS Code has read tasks.json', async () => {
      found = await vscode.tasks.fetchTasks({ type: 'sandbox' });
      return definitions.every((definition) => found.some(({ name }) => name === (definition as { label: string }).label));
    });
    return new Map(found.map((task) => [task.name, task]));
  }

  async function run(task: vscode.Task): Promise<number | undefined> {
    const ended = new Promise<number | undefined>((resolve) => {
      const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== task.name) return;
        listening.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    return ended;
  }

  it('runs its command in the sandbox, with cwd, env and variables, and its exit code is the task’s', async () => {
    await openFile('sub dir/word.txt', 'word\n');
    const tasks = await fetch([
      { label: 'shell', type: 'sandbox', command: 'test "$(cat word.txt)" = "$WORD" && test -t 1 && exit 4', cwd: './sub dir/', env: { WORD: 'word' } },
      { label: 'argv', type: 'sandbox', command: ['sh', '-c', 'test "$0" = "${relativeFile}" && test "$1" = "a  b" && exit 5', '${relativeFile}', 'a  b'] },
    ]);
    assert.equal(await run(tasks.get('shell')!), 4);
    assert.partialDeepStrictEqual(await newest(), { exit_code: 4, cwd: 'sub dir' });
    await openFile('sub dir/word.txt', 'word\n');
    assert.equal(await run(tasks.get('argv')!), 5);
  });

  it('feeds problem matchers', async () => {
    await openFile('broken.c', 'int main( {\n');
    const tasks = await fetch([{
      label: 'compile', type: 'sandbox', command: 'printf "\\033[31mbroken.c:1:11: error: expected declaration\\033[0m\\n"; exit 1',
      problemMatcher: { owner: 'sandbox', fileLocation: ['relative', '${workspaceFolder}'], pattern: { regexp: '^(.*):(\\d+):(\\d+): (error|warning): (.*)$', file: 1, line: 2, column: 3, severity: 4, message: 5 } },
    }]);
    assert.equal(await run(tasks.get('compile')!), 1);
    await until('the problem is shown', () => vscode.languages.getDiagnostics(inFolder('broken.c')).length > 0);
    const [problem] = vscode.languages.getDiagnostics(inFolder('broken.c'));
    assert.deepEqual([problem?.message, problem?.range.start.line, problem?.range.start.character], ['expected declaration', 0, 10]);
  });

  it('ends with its terminate button, whole', async () => {
    const tasks = await fetch([{ label: 'long', type: 'sandbox', command: 'sleep 600' }]);
    const before = (await newest())?.id;
    const execution = await vscode.tasks.executeTask(tasks.get('long')!);
    await until('it runs', async () => (await newest())?.id !== before);
    execution.terminate();
    await until('it has ended', async () => (await newest())?.status === 'finished');
  });

  it('says what is wrong with it', async () => {
    const tasks = await fetch([{ label: 'odd', type: 'sandbox', command: ['true'], env: { N: 1 } }]);
    assert.equal(await run(tasks.get('odd')!), 125);
  });
});
