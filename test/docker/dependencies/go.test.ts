import assert from 'node:assert/strict';
import { componentsOf, namesOf } from '../support/billOfMaterials';
import { openBench, type Bench } from '../support/petri';

const MAIN = 'package main\n\nimport (\n\t"fmt"\n\n\t"github.com/google/uuid"\n)\n\nfunc main() { fmt.Println(uuid.Nil) }\n';
const TEST = 'package main\n\nimport (\n\t"testing"\n\n\t"github.com/stretchr/testify/assert"\n)\n\nfunc TestTrue(t *testing.T) { assert.True(t, true) }\n';
/** Than the image's Go. */
const NEWER = '1.27';
const NIL = '00000000-0000-0000-0000-000000000000\n';

describe('Go dependencies', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());
  const sandboxOf = (files: Record<string, string>) => bench.folderSandbox(files, 'go');

  it('are installed once, from a go.mod that names what is imported and has no sums; tests and go list work without a network', async () => {
    const mod = 'module example.com/app\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\nrequire github.com/stretchr/testify v1.9.0\n';
    const { sandbox } = await sandboxOf({ 'go.mod': mod, 'main.go': MAIN, 'main_test.go': TEST });
    const first = await bench.run(sandbox, ['go', 'run', '.']);
    assert.deepEqual([first.stderr.toString(), first.stdout.toString(), first.done.exit_code], ['', NIL, 0]);
    assert.match(first.installed, /completing them for the sandbox/);
    await bench.settled(sandbox);
    const compiled = await bench.run(sandbox, ['go', 'list', '-f', '{{.Stale}} {{.Target}}', 'net/http']);
    assert.match(compiled.stdout.toString(), /^false \/usr\/lib\/go/, 'the standard library is compiled in the image, not in each sandbox');
    const second = await bench.run(sandbox, ['sh', '-c', 'go test ./... && go vet ./... && go list -m all && cat go.mod']);
    assert.equal(second.installed, '');
    assert.equal(second.done.exit_code, 0, second.stderr.toString());
    assert.match(second.stdout.toString(), /^ok .*example\.com\/app/);
    assert.match(second.stdout.toString(), /\ngopkg\.in\/yaml\.v3 v3\.0\.1\n/);
    assert.ok(second.stdout.toString().endsWith(mod), 'the user’s go.mod is as it was');
    const modules = [...second.stdout.toString().matchAll(/^(\S+) (v\d\S*)$/gm)].map(([, path, version]) => `${path} ${version}`).filter((line) => !mod.includes(`require ${line}`));
    const required = [...mod.matchAll(/^require (.*)$/gm)].map(([, line]) => line!);
    assert.deepEqual(namesOf(await componentsOf(bench, second.done.run_id, 'golang')), [...modules, ...required].sort(), 'the bill of materials lists what go lists');
  });

  it('are what programs import, where there is no go.mod and somebody has vouched for them', async () => {
    const made = 'package main\n\nimport _ "example.com/made/up"\n';
    const { sandbox } = await sandboxOf({ 'main.go': MAIN, 'other/other.go': made });
    const run = await bench.run(sandbox, ['go', 'run', 'main.go']);
    assert.deepEqual([run.stdout.toString(), run.done.exit_code], [NIL, 0]);
    assert.ok(run.notices.some(({ message }) => /example\.com\/made\/up/.test(message)), JSON.stringify(run.notices));
    assert.equal((await bench.run(sandbox, ['ls'])).stdout.toString(), 'main.go\nother\n');
  });

  it('are built by a newer Go than the image has, where go.mod asks for one: fetched like a module, and in the bill of materials', async () => {
    const { sandbox } = await sandboxOf({ 'go.mod': `module x\n\ngo ${NEWER}\n`, 'main.go': 'package main\n\nimport "runtime"\n\nfunc main() { println(runtime.Version()) }\n' });
    const run = await bench.run(sandbox, ['sh', '-c', 'go run . && gofmt -l .']);
    assert.deepEqual([run.stderr.toString().replace(/\.\d+$/m, ''), run.stdout.toString(), run.done.exit_code], [`go${NEWER}\n`, '', 0]);
    const components = await componentsOf(bench, run.done.run_id, 'golang');
    assert.match(namesOf(components).join('\n'), new RegExp(`^golang\\.org/toolchain v0\\.0\\.1-go${NEWER}\\.\\S+$`));
    assert.deepEqual(components[0]!.hashes?.map(({ alg }) => alg), ['SHA-256'], 'as the gateway saw it');
  });

  it('fail with the file and the line, or the package, that is wrong', async () => {
    const { sandbox, folder } = await sandboxOf({ 'go.mod': 'module x\nrequire (\n', 'main.go': MAIN });
    await assert.rejects(bench.run(sandbox, ['true']), { code: 'manifest-invalid', details: ['go.mod:2'] });
    folder.write('go.mod', 'module x\n\ngo 1.22\n\nrequire github.com/google/uuid v1.66.0\n');
    await assert.rejects(bench.run(sandbox, ['true']), { code: 'package-unknown' });
    folder.write('go.mod', 'module x\n\ngo 1.99\n\nrequire github.com/google/uuid v1.6.0\n');
    await assert.rejects(bench.run(sandbox, ['true']), { code: 'version-conflict' });
    folder.write('go.mod', 'module x\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n');
    folder.write('go.sum', `github.com/google/uuid v1.6.0 h1:${'A'.repeat(43)}=\n`);
    await assert.rejects(bench.run(sandbox, ['true']), { code: 'hash-mismatch' });
  });

  it('obey the folder’s policy and the setting’s, which names the rule', async () => {
    const mod = 'module x\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n';
    const policy = '{\n  "packages": {\n    "deny": [{ "package": "go:github.com/google/*", "versions": "<1.7.0" }]\n  }\n}\n';
    const { sandbox, folder } = await sandboxOf({ 'go.mod': mod, 'main.go': MAIN, '.jhansi/policy.json': policy });
    await assert.rejects(bench.run(sandbox, ['true']), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'policy-refused');
      assert.match(error.message, /uuid v1\.6\.0 is refused: rule packages\.deny .* \(\.jhansi\/policy\.json:3\)/);
      return true;
    });
    folder.write('.jhansi/policy.json', '{"packages": {\n"deny": "all"}}');
    await assert.rejects(bench.run(sandbox, ['true']), { code: 'policy-invalid', details: ['.jhansi/policy.json:2'] });
    folder.write('.jhansi/policy.json', '{"packages": {"allow": ["*:*"]}}');
    await bench.petri.updateSandbox(sandbox, { dependencies: { policy: { packages: { allow: ['go:example.com/*'] } } } });
    await assert.rejects(bench.run(sandbox, ['true']), { code: 'policy-refused', message: /setting jhansi\.dependencies\.policy\.packages\.allow/ });
    await bench.petri.updateSandbox(sandbox, { dependencies: { policy: null } });
    assert.equal((await bench.run(sandbox, ['go', 'run', '.'])).stdout.toString(), NIL);
  });
});
