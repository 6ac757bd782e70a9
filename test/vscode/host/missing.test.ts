import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { inFolder, openFile, runInSandbox, type, until } from './editor';

const PROGRAM = 'import os\nimport slugify\n\nprint(slugify.slugify("a b"))\n';

describe('A missing import', () => {
  const file = inFolder('needs.py');
  const manifest = inFolder('requirements.txt');
  const problems = () => vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'Sandbox');
  const fixes = async () => {
    const [problem] = problems();
    assert.ok(problem);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', file, problem.range, vscode.CodeActionKind.QuickFix.value);
    return actions.filter(({ command }) => command !== undefined && /install/.test(command.title));
  };

  before(() => vscode.workspace.fs.writeFile(manifest, Buffer.from('# what this needs\n')));
  // The other suites' files bring what they need by themselves.
  after(async () => {
    await vscode.workspace.fs.delete(manifest);
    await vscode.workspace.fs.delete(file);
  });

  it('is a problem at its place after a run, and follows it while one types', async function () {
    this.timeout(600_000);
    const editor = await openFile('needs.py', PROGRAM);
    assert.match(await runInSandbox(), /No module named 'slugify'/);
    await until('the problem is shown', () => problems().length > 0);
    const [problem] = problems();
    assert.deepEqual([problem!.range.start.line, problem!.range.start.character, problem!.message], [1, 7, 'slugify is not installed in the sandbox. It is in the package python-slugify.']);
    await type(editor, `# a line more\n${PROGRAM}`);
    await until('the problem has moved along', () => problems()[0]?.range.start.line === 2);
    await type(editor, 'print("without it")\n');
    await until('the problem is gone with the import', () => problems().length === 0);
    await type(editor, PROGRAM);
    assert.match(await runInSandbox(), /No module named 'slugify'/);
  });

  it('is mended by its fix, which adds to the manifest and installs', async function () {
    this.timeout(600_000);
    await until('the problem is shown', () => problems().length > 0);
    const [fix, ...others] = await fixes();
    assert.deepEqual([fix?.title, others.length], ['Add python-slugify to requirements.txt and install', 0]);
    await vscode.commands.executeCommand(fix!.command!.command, ...(fix!.command!.arguments ?? []) as unknown[]);
    assert.equal((await vscode.workspace.fs.readFile(manifest)).toString(), '# what this needs\npython-slugify\n');
    await until('the problem is gone', () => problems().length === 0);
    assert.match(await runInSandbox(), /\na-b\n/);
  });

  it('shows the bill of materials of that run in an editor of its own', async () => {
    await vscode.commands.executeCommand('jhansi.showOutput');
    const { commands, window } = vscode;
    const tabs = () => window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    const picking = commands.executeCommand('jhansi.showSbom');
    // Of several runs one is asked for; the newest stands first.
    await until('the runs are listed or shown', async () => {
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return tabs().some((label) => label.startsWith('SBOM: python needs.py'));
    });
    await picking;
  });
});
