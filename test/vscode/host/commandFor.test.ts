import assert from 'node:assert/strict';
import { commandFor } from '../../../src/extension/runs/commandFor';

/** The command as a line, for a folder that holds these files besides. */
async function line(editorLanguage: string, path: string, ...files: string[]): Promise<string> {
  const command = await commandFor(editorLanguage, path, (other) => Promise.resolve(files.includes(other)));
  return command ? `${command.cwd}$ ${command.argv.join(' ')}` : 'none';
}

describe('The command for a file', () => {
  it('is the language’s own, from the folder', async () => {
    assert.equal(await line('python', 'src/app.py'), '$ python src/app.py');
    assert.equal(await line('javascript', 'index.mjs'), '$ node index.mjs');
    assert.equal(await line('java', 'Main.java'), '$ java Main.java');
  });

  it('runs a Go file’s package where there is a module', async () => {
    assert.equal(await line('go', 'main.go'), '$ go run main.go');
    assert.equal(await line('go', 'main.go', 'go.mod'), '$ go run .');
    assert.equal(await line('go', 'cmd/tool/main.go', 'go.mod'), '$ go run ./cmd/tool');
    assert.equal(await line('go', 'backend/cmd/main.go', 'backend/go.mod'), 'backend$ go run ./cmd');
  });

  it('is none for what cannot be run', async () => {
    assert.equal(await line('markdown', 'README.md'), 'none');
  });
});
