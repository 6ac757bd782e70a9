import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { explainGo } from '../../../src/engine/dependencies/go/explainGo';
import { goAdapter } from '../../../src/engine/dependencies/go/goAdapter';

const files = (all: Record<string, string>) => Object.entries(all).map(([path, content]) => ({ path, content: Buffer.from(content) }));

function plan(all: Record<string, string>, manifest = 'go.mod') {
  const project = goAdapter.find(Object.keys(all)).find((one) => one.manifest === manifest)!;
  return goAdapter.plan(project, files(all), {});
}

const MOD = `module example.com/app // the app

go 1.22

require github.com/google/uuid v1.6.0
require (
\tgithub.com/stretchr/testify v1.9.0
\t"github.com/Masterminds/semver/v3" v3.3.0 // indirect
)
`;

describe('Go modules: what is found and asked for', () => {
  it('finds projects outermost first, a workspace before its module, and nothing in other people’s folders', () => {
    const paths = ['tools/go.mod', 'go.work', 'go.mod', 'go.sum', 'vendor/x/go.mod', 'a/testdata/go.mod', '_old/go.mod', '.cache/go.mod', 'deep/er/go.mod'];
    assert.deepEqual(goAdapter.find(paths).map(({ manifest }) => manifest), ['go.work', 'go.mod', 'tools/go.mod', 'deep/er/go.mod']);
    assert.deepEqual(goAdapter.find(paths)[1]?.inputs, ['go.mod', 'go.sum']);
  });

  it('names modules, versions and lines, quoted or not, in blocks and alone', () => {
    assert.deepEqual(plan({ 'go.mod': MOD, 'go.sum': '' }).requested.map(({ name, version, line }) => `${line} ${name} ${version}`), [
      '5 github.com/google/uuid v1.6.0', '7 github.com/stretchr/testify v1.9.0', '8 github.com/Masterminds/semver/v3 v3.3.0',
    ]);
  });

  it('counts packages where go.sum stands, and offers one where it does not', () => {
    assert.deepEqual([plan({ 'go.mod': MOD, 'go.sum': '' }).packages, plan({ 'go.mod': MOD, 'go.sum': '' }).locks], [3, []]);
    assert.deepEqual(plan({ 'go.mod': MOD }).locks, [{ from: 'go/project/go.sum', path: 'go.sum' }]);
    assert.equal(plan({ 'go.mod': MOD }).packages, undefined);
  });

  it('installs nothing for what is vendored or needs nothing', () => {
    assert.deepEqual(plan({ 'go.mod': MOD, 'vendor/modules.txt': '# x' }).steps, []);
    assert.equal(plan({ 'go.mod': MOD, 'vendor/modules.txt': '# x' }).requested.length, 3);
    assert.deepEqual(plan({ 'go.mod': 'module x\n' }).steps, []);
  });

  it('fetches a newer Go where a go line asks for one, modules or not', () => {
    const stepsOf = (all: Record<string, string>, manifest?: string) => plan(all, manifest).steps.length;
    assert.deepEqual(['1.20', '1.26', '1.26.0', '1.26.1', '1.27', '2.0', 'x'].map((go) => stepsOf({ 'go.mod': `module x\n\ngo ${go}\n` })), [0, 0, 0, 1, 1, 1, 0]);
    assert.equal(stepsOf({ 'go.mod': MOD.replace('1.22', '1.30'), 'vendor/modules.txt': '# x' }), 1);
    assert.equal(stepsOf({ 'go.work': 'go 1.30\nuse ./a\n', 'a/go.mod': 'module a\n' }, 'go.work'), 1);
    assert.deepEqual(plan({ 'go.mod': MOD }).steps[0]!.progress!('go: downloading go1.25.3 (linux/amd64)'), { message: 'Go 1.25.3' });
  });

  it('asks for what a replacement puts in place, not for what it replaces', () => {
    const mod = `${MOD}replace github.com/google/uuid => example.com/fork/uuid v1.7.0\nreplace github.com/stretchr/testify v1.9.0 => ./lib/testify\n`;
    const { requested, steps } = plan({ 'go.mod': mod, 'go.sum': '', 'lib/testify/go.mod': 'module github.com/stretchr/testify\n' });
    assert.deepEqual(requested.slice(0, 2), [
      { name: 'example.com/fork/uuid', version: 'v1.7.0', path: 'go.mod', line: 10 },
      { name: 'github.com/stretchr/testify', version: 'v1.9.0', path: 'go.mod', line: 11, source: { kind: 'path', address: './lib/testify' } },
    ]);
    assert.doesNotMatch(steps[0]!.script, /testify@v1\.9\.0/);
    assert.match(steps[0]!.script, /'github\.com\/google\/uuid@v1\.6\.0'/);
  });

  it('takes members of a workspace and what folders stand in for along', () => {
    const all = {
      'go.work': 'go 1.22\nuse (\n\t./api\n\t./lib\n)\nreplace example.com/x => ./x\n', 'api/go.mod': MOD, 'api/go.sum': '',
      'lib/go.mod': 'module example.com/lib\nrequire example.com/app v0.0.0\n', 'x/go.mod': 'module example.com/x\n',
    };
    const [project] = goAdapter.find(Object.keys(all));
    const own = files(all).filter(({ path }) => path === 'go.work');
    assert.deepEqual(goAdapter.includes!(project!, own).filter((path) => path in all).sort(), ['api/go.mod', 'api/go.sum', 'lib/go.mod', 'x/go.mod']);
    const { requested, steps } = plan(all, 'go.work');
    assert.deepEqual(requested.map(({ name }) => name).includes('example.com/app'), false);
    assert.match(steps[0]!.script, /'\.\/api\/\.\.\.' '\.\/lib\/\.\.\.'/);
  });

  for (const [what, text, line] of [
    ['a block that is never closed', 'module x\nrequire (\n a v1\n', 2],
    ['a block that was never opened', 'module x\n)\n', 2],
    ['no module line', 'go 1.22\n', 1],
    ['a requirement without a version', 'module x\n\nrequire example.com/a\n', 3],
    ['an open quote', 'module x\nrequire "example.com/a v1.0.0\n', 2],
    ['a replacement without an arrow', 'module x\nreplace a v1 b v2\n', 2],
    ['a replacement by a module without a version', 'module x\nreplace example.com/a => example.com/b\n', 2],
    ['a replacement outside the folder', 'module x\nrequire example.com/a v1.0.0\nreplace example.com/a => ../../etc\n', 3],
    ['a replacement by an absolute path', 'module x\nrequire example.com/a v1.0.0\nreplace example.com/a => /etc/passwd\n', 3],
    ['bytes that are no text', '\u0000\u0001', 1],
  ] as const) {
    it(`refuses ${what}, with file and line`, () => {
      assert.throws(() => plan({ 'go.mod': text }), { code: 'manifest-invalid', details: [`go.mod:${line}`] });
    });
  }

  it('keeps every word of a manifest a word in the script', () => {
    const { steps } = plan({ 'go.mod': "module x\nrequire `example.com/$(id)';id;'` v1.0.0\n" });
    const { status, stderr } = spawnSync('sh', ['-n', '-c', steps[0]!.script]);
    assert.equal(status, 0, stderr.toString());
    assert.match(steps[0]!.script, /'example\.com\/\$\(id\)'\\'';id;'\\''@v1\.0\.0'/);
  });
});

describe('Go modules: without a manifest', () => {
  const scan = goAdapter.imports!;
  const heads = `\f\n// Package main is func\npackage main\nimport (\n\t"fmt"\n\tu "github.com/google/uuid"\n\t_ "github.com/gin-gonic/gin/binding"\n)\n\f\npackage main\nimport ("testing"; "example.com/made/up")\n`;

  it('installs what somebody has vouched for, and names the rest', () => {
    const { requested, notices, steps } = scan.plan(heads);
    assert.deepEqual(requested.map(({ name }) => name).sort(), ['github.com/gin-gonic/gin', 'github.com/google/uuid']);
    assert.match(notices![0]!, /example\.com\/made\/up/);
    assert.match(steps[0]!.script, /add 'github\.com\/gin-gonic\/gin\/binding' 'github\.com\/gin-gonic\/gin'/);
    assert.doesNotMatch(steps[0]!.script, /made\/up/);
    assert.deepEqual(scan.plan('\f\npackage main\nimport "fmt"\n').steps, []);
  });

  it('looks again only when imports change', () => {
    const before = scan.gist(Buffer.from('package main\nimport "github.com/google/uuid"\nfunc main() {}\n'));
    assert.equal(scan.gist(Buffer.from('package main\n// more\nimport "github.com/google/uuid"\nfunc main() { run("a.b/c") }\n')), before);
    assert.notEqual(scan.gist(Buffer.from('package main\nimport "github.com/google/wire"\n')), before);
  });

  it('prints the heads of files with what every image has', () => {
    const input = ['test/unit/dependencies/goAdapter.test.ts'].join('\0');
    const { stdout, status } = spawnSync(scan.argv[0]!, scan.argv.slice(1), { input });
    assert.equal(status, 0);
    assert.ok(stdout.toString().startsWith('\f\nimport assert'));
  });
});

describe('Go modules: progress and explanations', () => {
  it('counts modules as their sources arrive', () => {
    const { progress } = plan({ 'go.mod': MOD, 'go.sum': '' }).steps[0]!;
    assert.equal(progress!('# get https://proxy.invalid/github.com/google/uuid/@v/v1.6.0.mod: 200 OK (0.1s)'), undefined);
    assert.deepEqual(progress!('# get https://proxy.invalid/github.com/!masterminds/semver/v3/@v/v3.3.0.zip: 200 OK (0.123s)'),
      { message: 'github.com/Masterminds/semver/v3 v3.3.0', done: 1, total: 3 });
    assert.equal(progress!('go: downloading github.com/google/uuid v1.6.0')?.done, 2);
  });

  // What Go 1.24 really says; registries' names are taken out.
  for (const [said, code, message] of [
    ['go: github.com/google/uuid@v1.66.0: reading https://r.invalid/github.com/google/uuid/@v/v1.66.0.mod: 404 Not Found', 'package-unknown', /no github\.com\/google\/uuid v1\.66\.0/],
    ['go: example.com/foo/bar@v1.8.0: reading https://r.invalid/example.com/foo/bar/@v/v1.8.0.mod: 400 Bad Request', 'package-unknown', /example\.com\/foo\/bar/],
    ['go: errors parsing go.mod:\ngo.mod:3: unknown directive: requre', 'manifest-invalid', /go\.mod, line 3: unknown directive: requre/],
    ['go: go.mod requires go >= 1.30 (running go 1.24.4; GOTOOLCHAIN=local)', 'version-conflict', /The project needs Go 1\.30; the image has 1\.24\.4, and no newer one/],
    ['go: github.com/gin-gonic/gin@v1.12.0: module github.com/gin-gonic/gin@v1.12.0 requires go >= 1.25.0 (running go 1.24.4; GOTOOLCHAIN=local)', 'version-conflict', /gin v1\.12\.0 needs Go 1\.25\.0/],
    ['go: github.com/Sirupsen/logrus@v1.8.0: parsing go.mod:\n\tmodule declares its path as: github.com/sirupsen/logrus\n\t        but was required as: github.com/Sirupsen/logrus', 'version-conflict', /calls itself github\.com\/sirupsen\/logrus/],
    ['go: github.com/gin-gonic/gin@v1.8.0 (replaced by ../gin): reading ../gin/go.mod: open /tmp/gin/go.mod: no such file or directory', 'manifest-invalid', /replaced by \.\.\/gin/],
    ['verifying github.com/google/uuid@v1.6.0: checksum mismatch\n\tdownloaded: h1:a\n\tgo.sum:     h1:b\n\nSECURITY ERROR', 'hash-mismatch', /github\.com\/google\/uuid@v1\.6\.0 is not what/],
    ['go: github.com/google/uuid@v1.5.0: Get "https://r.invalid/github.com/google/uuid/@v/v1.5.0.mod": tls: failed to verify certificate: x509: certificate signed by unknown authority', 'tls-untrusted', /not trusted/],
    ['go: github.com/google/uuid@v1.5.0: Get "https://r.invalid/github.com/google/uuid/@v/v1.5.0.mod": dial tcp 127.0.0.1:9: connect: connection refused', 'registry-unreachable', /could not be reached/],
    ['go: github.com/google/uuid@v1.5.0: Get "https://r.invalid/x.mod": proxyconnect tcp: dial tcp 127.0.0.1:9: connect: connection refused', 'registry-unreachable', /could not be reached/],
  ] as const) {
    it(`explains: ${said.slice(0, 90).replaceAll('\n', ' ')}`, () => {
      const explained = explainGo('')(`# get …\n${said}\n`);
      assert.equal(explained?.code, code);
      assert.match(explained?.message ?? '', message);
    });
  }

  it('names the file where it lies in the workspace', () => {
    assert.deepEqual(explainGo('tools')('go.mod:3: unknown directive: x')?.path, 'tools/go.mod');
  });

  it('says nothing of what it does not know', () => assert.equal(explainGo('')('something else'), undefined));
});
