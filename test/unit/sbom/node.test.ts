import assert from 'node:assert/strict';
import { licenceText } from '../../../src/engine/sbom/licences';
import { nodeContents } from '../../../src/engine/sbom/node';
import { purlOf } from '../../../src/engine/sbom/purl';
import { MemoryReader } from './memoryReader';

const ROOT = '/sandbox/deps/node';
const read = (files: ConstructorParameters<typeof MemoryReader>[0]) => nodeContents(new MemoryReader(files), [ROOT]);
const manifest = (name: string, version: string, more: object = {}) => JSON.stringify({ name, version, ...more });

describe('Node packages of a dependency set', () => {
  it('are what lies there, with what each of them finds from its place', async () => {
    const { packages, modules } = await read({
      [`${ROOT}/node_modules/a/package.json`]: manifest('a', '1.0.0', { license: 'MIT', dependencies: { b: '^1', '@s/c': '*', gone: '1' } }),
      [`${ROOT}/node_modules/b/package.json`]: manifest('b', '2.0.0', { licenses: [{ type: 'ISC' }] }),
      [`${ROOT}/node_modules/a/node_modules/b/package.json`]: manifest('b', '1.0.0'),
      [`${ROOT}/node_modules/@s/c/package.json`]: manifest('@s/c', '3.0.0', { dependencies: { b: '2' } }),
      [`${ROOT}/node_modules/a/test/node_modules/fixture/package.json`]: manifest('fixture', '0.0.0'),
      [`${ROOT}/node_modules/.package-lock.json`]: JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-AAAA' } } }),
    });
    assert.deepEqual(packages.map(purlOf), ['pkg:npm/%40s/c@3.0.0', 'pkg:npm/a@1.0.0', 'pkg:npm/b@1.0.0', 'pkg:npm/b@2.0.0']);
    const a = packages[1]!;
    assert.deepEqual(a.dependsOn, ['pkg:npm/%40s/c@3.0.0', 'pkg:npm/b@1.0.0']);
    assert.deepEqual(packages[0]!.dependsOn, ['pkg:npm/b@2.0.0']);
    assert.deepEqual(a.hashes, [{ algorithm: 'SHA-512', content: '000000' }]);
    assert.deepEqual(packages.map((one) => licenceText(one.licences)), ['', 'MIT', '', 'ISC']);
    assert.deepEqual(modules, ['@s/c', 'a', 'b']);
  });

  it('are found through the links that pnpm lays', async () => {
    const { packages, modules } = await read({
      [`${ROOT}/node_modules/a`]: { link: '.pnpm/a@1.0.0/node_modules/a' },
      [`${ROOT}/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json`]: manifest('a', '1.0.0', { dependencies: { b: '1' } }),
      [`${ROOT}/node_modules/.pnpm/a@1.0.0/node_modules/b`]: { link: '../../b@1.5.0/node_modules/b' },
      [`${ROOT}/node_modules/.pnpm/b@1.5.0/node_modules/b/package.json`]: manifest('b', '1.5.0'),
    });
    assert.deepEqual(packages[0]?.dependsOn, ['pkg:npm/b@1.5.0']);
    assert.deepEqual(modules, ['a']);
  });

  it('take names like __proto__ and constructor for names, and a deep or broken file for unreadable', async () => {
    const { packages } = await read({
      [`${ROOT}/node_modules/evil/package.json`]: '{"name":"evil","version":"1","__proto__":{"license":"MIT"},"dependencies":{"__proto__":"1","constructor":"1","../../x":"1"}}',
      [`${ROOT}/node_modules/deep/package.json`]: `{"name":"deep","version":"1","license":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      [`${ROOT}/node_modules/broken/package.json`]: '{"name":',
    });
    assert.deepEqual(packages.map((one) => [one.name, licenceText(one.licences), one.warnings.length]), [['broken', '', 1], ['deep', '', 0], ['evil', '', 0]]);
    assert.equal(({} as Record<string, unknown>).license, undefined);
  });

  it('say so when a script has changed their version, or they come from git', async () => {
    const { packages } = await read({
      [`${ROOT}/node_modules/a/package.json`]: manifest('a', '6.6.6'),
      [`${ROOT}/node_modules/.package-lock.json`]: JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', resolved: 'git+ssh://git@example.com/a.git#1' } } }),
    });
    assert.deepEqual(packages[0]?.warnings, ['npm laid down 1.0.0, its package.json says 6.6.6.', 'It does not come from a registry but from git+ssh://git@example.com/a.git#1.']);
  });
});
