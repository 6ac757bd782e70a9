import assert from 'node:assert/strict';
import type { Language } from '../../../src/protocol/sandbox';
import { PetriError } from '../../../src/engine/errors';
import { addDependency } from '../../../src/engine/dependencies/add/addDependency';

async function add(language: Language, path: string, text: string | undefined, wanted: string): Promise<string> {
  const { edit, after, ...told } = await addDependency(language, { package: wanted, manifest: path }, '', 'my project', (asked) => (asked === path && text !== undefined ? Buffer.from(text) : undefined));
  assert.equal(told.path, path);
  // The edit, put in as an editor would, is the whole file afterwards.
  const lines = (text ?? '').replace(/^\uFEFF/, '').split('\n');
  const at = ({ line, character }: { line: number; character: number }) => lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  const shown = lines.join('\n');
  assert.equal(shown.slice(0, at(edit.start)) + edit.text + shown.slice(at(edit.end)), after.replace(/^\uFEFF/, ''));
  return after;
}
const refusal = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof PetriError, String(error));
    return error.code;
  }
  return 'nothing';
};

describe('Adding a dependency', () => {
  it('to requirements.txt, in its own line ends, with or without a last one', async () => {
    assert.equal(await add('python', 'requirements.txt', '# mine\nflask==3.0  # pinned', 'requests>=2'), '# mine\nflask==3.0  # pinned\nrequests>=2\n');
    assert.equal(await add('python', 'requirements-dev.txt', 'a\r\nb\r\n', 'PyYAML'), 'a\r\nb\r\nPyYAML\r\n');
    assert.equal(await add('python', 'requirements.txt', undefined, 'requests'), 'requests\n');
    assert.equal(await add('python', 'requirements.txt', '\uFEFFa\n', 'b'), '\uFEFFa\nb\n');
  });

  it('to what a pylock.toml was made from', async () => {
    const target = async (...there: string[]) => (await addDependency('python', { package: 'b' }, 'app/pylock.toml', 'x', (path) => (there.includes(path) ? Buffer.from(path.endsWith('.toml') ? '[project]\nname = "x"\n' : 'a\n') : undefined))).path;
    assert.equal(await target('app/requirements.txt'), 'app/requirements.txt');
    assert.equal(await target('app/requirements.txt', 'app/pyproject.toml'), 'app/pyproject.toml');
  });

  it('to pyproject.toml, comments and layout kept', async () => {
    assert.equal(await add('python', 'pyproject.toml', '[project]\nname = "x"\ndependencies = [\n  "a>=1", # why\n  "b"  # last\n]\n\n[tool.x]\ny = 1\n', 'requests'),
      '[project]\nname = "x"\ndependencies = [\n  "a>=1", # why\n  "b",  # last\n  "requests",\n]\n\n[tool.x]\ny = 1\n');
    assert.equal(await add('python', 'pyproject.toml', '[project]\ndependencies = ["a"]\n', 'b[c]>=1'), '[project]\ndependencies = ["a", "b[c]>=1"]\n');
    assert.equal(await add('python', 'pyproject.toml', '[project]\ndependencies = []\n', 'b'), '[project]\ndependencies = ["b"]\n');
    assert.equal(await add('python', 'pyproject.toml', '[project]\nname = "x"\n\n[tool.y]\n', 'b'), '[project]\nname = "x"\ndependencies = [\n    "b",\n]\n\n[tool.y]\n');
    assert.equal(await add('python', 'pyproject.toml', '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3"\n[build-system]\n', 'b'), '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3"\nb = "*"\n[build-system]\n');
  });

  it('to package.json, indented as it is and sorted if it was', async () => {
    assert.equal(await add('node', 'package.json', '{\n\t"name": "x",\n\t"dependencies": {\n\t\t"a": "1",\n\t\t"z": "1"\n\t}\n}\n', 'express@^4'),
      '{\n\t"name": "x",\n\t"dependencies": {\n\t\t"a": "1",\n\t\t"express": "^4",\n\t\t"z": "1"\n\t}\n}\n');
    assert.equal(await add('node', 'package.json', '{\n  "name": "x"\n}', '@s/c'), '{\n  "name": "x",\n  "dependencies": {\n    "@s/c": "*"\n  }\n}');
    assert.equal(await add('node', 'package.json', undefined, 'express'), '{\n  "private": true,\n  "dependencies": {\n    "express": "*"\n  }\n}\n');
  });

  it('to go.mod and to pom.xml and build.gradle', async () => {
    assert.equal(await add('go', 'go.mod', 'module m\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0\n)\n\nrequire (\n\tx.y/z v1.0.0 // indirect\n)\n', 'github.com/spf13/cobra@v1.8.0'),
      'module m\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0\n\tgithub.com/spf13/cobra v1.8.0\n)\n\nrequire (\n\tx.y/z v1.0.0 // indirect\n)\n');
    assert.equal(await add('go', 'go.mod', 'module m\n', 'e.com/x'), 'module m\n\nrequire e.com/x latest\n');
    assert.equal(await add('java', 'pom.xml', '<project>\n    <dependencies>\n        <!-- mine -->\n        <dependency><groupId>a</groupId><artifactId>b</artifactId></dependency>\n    </dependencies>\n</project>\n', 'g:a:1'),
      '<project>\n    <dependencies>\n        <!-- mine -->\n        <dependency><groupId>a</groupId><artifactId>b</artifactId></dependency>\n        <dependency>\n            <groupId>g</groupId>\n            <artifactId>a</artifactId>\n            <version>1</version>\n        </dependency>\n    </dependencies>\n</project>\n');
    assert.match(await add('java', 'pom.xml', '<project>\n  <dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies></dependencyManagement>\n</project>\n', 'g:a'),
      /\n {2}<dependencies>\n {4}<dependency>\n {6}<groupId>g<\/groupId>\n {6}<artifactId>a<\/artifactId>\n {4}<\/dependency>\n {2}<\/dependencies>\n<\/project>\n$/);
    assert.equal(await add('java', 'build.gradle', 'buildscript { dependencies { classpath "x:y:1" } }\n// dependencies {\ndependencies {\n    implementation "a:b:1" // }\n}\n', 'g:a:1'),
      'buildscript { dependencies { classpath "x:y:1" } }\n// dependencies {\ndependencies {\n    implementation "a:b:1" // }\n    implementation \'g:a:1\'\n}\n');
    assert.equal(await add('java', 'build.gradle.kts', 'plugins {\n  java\n}\n', 'g:a:1'), 'plugins {\n  java\n}\n\ndependencies {\n  implementation("g:a:1")\n}\n');
  });

  it('makes a manifest where there is none, that reads as one', async () => {
    for (const [language, path, wanted] of [['python', 'pyproject.toml', 'a'], ['go', 'go.mod', 'e.com/a'], ['java', 'pom.xml', 'g:a:1'], ['java', 'build.gradle.kts', 'g:a:1']] as const) {
      const made = await add(language, path, undefined, wanted);
      assert.equal(await refusal(add(language, path, made, wanted)), 'conflict', made);
    }
  });

  it('goes where the project is written by hand, not into its lock', async () => {
    const to = async (language: Language, chosen: string, wanted: string) => (await addDependency(language, { package: wanted }, chosen, 'x', () => undefined)).path;
    assert.deepEqual([await to('python', '', 'a'), await to('python', 'sub/uv.lock', 'a'), await to('node', 'pnpm-lock.yaml', 'a'), await to('java', 'build.gradle', 'g:a')], ['requirements.txt', 'sub/pyproject.toml', 'package.json', 'build.gradle']);
  });

  it('refuses what is there already, in whatever spelling', async () => {
    assert.equal(await refusal(add('python', 'requirements.txt', 'Flask_Login[x]==1\n', 'flask-login')), 'conflict');
    assert.equal(await refusal(add('python', 'pyproject.toml', '[project]\ndependencies = ["PyYAML>=5"]\n', 'pyyaml')), 'conflict');
    assert.equal(await refusal(add('node', 'package.json', '{"devDependencies":{"a":"1"}}', 'a')), 'conflict');
    assert.equal(await refusal(add('go', 'go.mod', 'module m\nrequire e.com/a v1.0.0\n', 'e.com/a')), 'conflict');
  });

  it('refuses names that would be more than a name, and files that it does not understand', async () => {
    for (const [language, path, wanted] of [
      ['python', 'requirements.txt', 'a\n--index-url https://evil.test'], ['python', 'requirements.txt', 'a @ https://evil.test/a.whl'], ['python', 'requirements.txt', '-r other'],
      ['node', 'package.json', 'a@https://evil.test/a.tgz'], ['node', 'package.json', 'a","scripts":{"postinstall":"x'], ['go', 'go.mod', 'e.com/a v1\nreplace x => y'],
      ['java', 'pom.xml', 'g:a:1</version><x>'], ['python', '../requirements.txt', 'a'], ['python', '/etc/requirements.txt', 'a'], ['python', 'setup.py', 'a'], ['node', 'requirements.txt', 'a'],
    ] as const) assert.equal(await refusal(add(language, path, '', wanted)), 'bad-request', `${path} ${wanted}`);
    assert.equal(await refusal(add('node', 'package.json', '{"a":', 'b')), 'manifest-invalid');
    assert.equal(await refusal(add('python', 'pyproject.toml', '[project\n', 'b')), 'manifest-invalid');
    assert.equal(await refusal(add('java', 'pom.xml', '<project><a></project>', 'g:a')), 'manifest-invalid');
    assert.equal(await refusal(add('java', 'build.gradle', 'dependencies {\n', 'g:a')), 'manifest-invalid');
  });
});
