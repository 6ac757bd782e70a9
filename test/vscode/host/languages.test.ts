import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, openFile, runInSandbox } from './editor';

const PROGRAMS = {
  node: ['hello.js', 'console.log(`hello from ${process.release.name}`);\n', '> node hello.js', 'hello from node'],
  go: ['hello.go', 'package main\n\nfunc main() {\n\tprintln("hello from Go")\n}\n', '> go run hello.go', 'hello from Go'],
  java: ['Hello.java', 'class Hello {\n  public static void main(String[] arguments) {\n    System.out.println("hello from Java");\n  }\n}\n', '> java Hello.java', 'hello from Java'],
} as const;

describe('Run in Sandbox, in the language of the settings', () => {
  const choose = (language: string | undefined) =>
    vscode.workspace.getConfiguration('jhansi.sandbox', folder()).update('language', language, vscode.ConfigurationTarget.Workspace);

  // Its file comes before run.test in the alphabet: Python again.
  after(async () => {
    await choose('python');
    await openFile('back.py', 'print("back")\n');
    assert.match(await runInSandbox(), /\nback\n/);
    await choose(undefined);
  });

  for (const [language, [file, program, command, greeting]] of Object.entries(PROGRAMS)) {
    it(`runs ${file}`, async function () {
      this.timeout(600_000); // may build the image
      await choose(language);
      await openFile(file, program);
      const text = await runInSandbox();
      assert.ok(text.startsWith(command), text);
      assert.ok(text.includes(`\n${greeting}\n[Exited with code 0 after `), text);
    });
  }
});
