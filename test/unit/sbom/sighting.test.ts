import assert from 'node:assert/strict';
import type { Decision } from '../../../src/engine/gateway/door';
import type { Package } from '../../../src/engine/sbom/package';
import { compareWithGateway } from '../../../src/engine/sbom/sighting';

const fetched = (path: string, more: Partial<Decision> = {}): Decision => ({
  at: 0, host: 'registry.test', port: 443, address: null, method: 'GET', path, status: 200, bytes: 1, sha256: 'a'.repeat(64), allowed: true, rule: 'registry', ...more,
});
const one = (type: Package['type'], name: string, version: string, more: Partial<Package> = {}): Package => ({
  type, name, version, licences: [], hashes: [], dependsOn: [], location: '', warnings: [], ...more,
});

describe('What is installed, against what the gateway saw', () => {
  const known: Array<[Package, string]> = [
    [one('pypi', 'Foo.Bar', '1.0'), '/packages/ab/cd/foo_bar-1.0.0-cp313-cp313-manylinux_2_28_x86_64.whl'],
    [one('pypi', 'local', '1.0+cpu'), '/x/local-1.0%2Bcpu-py3-none-any.whl'],
    [one('pypi', 'source', '2.1'), '/packages/source-2.1.tar.gz'],
    [one('npm', 'core', '7.1.0', { namespace: '@babel' }), '/@babel/core/-/core-7.1.0.tgz'],
    [one('npm', 'x', '1.0.0-rc.1'), '/prefix/x/-/x-1.0.0-rc.1.tgz?y=1'],
    [one('golang', 'Masterminds', 'v1.0.0', { namespace: 'github.com' }), '/github.com/!masterminds/@v/v1.0.0.zip'],
    [one('maven', 'junit-jupiter', '5.10.0', { namespace: 'org.junit.jupiter' }), '/maven2/org/junit/jupiter/junit-jupiter/5.10.0/junit-jupiter-5.10.0.jar'],
  ];
  for (const [installed, path] of known) {
    it(`knows ${installed.name} by ${path}`, () => {
      const mine = { ...installed, warnings: [] as string[] };
      compareWithGateway([mine], [fetched(path)]);
      assert.deepEqual(mine.warnings, []);
      assert.deepEqual(mine.hashes, [{ algorithm: 'SHA-256', content: 'a'.repeat(64) }]);
    });
  }

  it('warns of what it never saw, saw in another version, was refused or failed', () => {
    for (const decision of [fetched('/x/-/x-1.0.1.tgz'), fetched('/x/-/x-1.0.0.tgz', { allowed: false }), fetched('/x/-/x-1.0.0.tgz', { status: 404 }), fetched('/x/-/x-1.0.0.tgz', { method: 'HEAD' })]) {
      const mine = one('npm', 'x', '1.0.0');
      compareWithGateway([mine], [decision]);
      assert.equal(mine.warnings.length, 1, decision.path);
    }
  });

  it('warns of an artefact that is another than the one that came', () => {
    const mine = one('golang', 'x', 'v1.0.0', { namespace: 'e.com', artefact: { sha256: 'b'.repeat(64) } });
    compareWithGateway([mine], [fetched('/e.com/x/@v/v1.0.0.zip')]);
    assert.deepEqual(mine.warnings, ['Its file is not the one that the gateway saw.']);
  });
});
