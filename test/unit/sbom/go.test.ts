import assert from 'node:assert/strict';
import { completedMods, goContents } from '../../../src/engine/sbom/go';
import { purlOf } from '../../../src/engine/sbom/purl';
import { MemoryReader } from './memoryReader';

const CACHE = '/sandbox/deps/go/mod';
const mod = (path: string, version: string, text: string) => ({ [`${CACHE}/cache/download/${path}/@v/${version}.mod`]: text });
const TOOLCHAINS = '/sandbox/deps/go/toolchain';
const read = (main: string, files: ConstructorParameters<typeof MemoryReader>[0]) => goContents(new MemoryReader(files), CACHE, TOOLCHAINS, [main]);

describe('Go modules of a dependency set', () => {
  it('are chosen by minimal version selection, and what only a manifest names is optional', async () => {
    const { packages } = await read('module m\ngo 1.16\nrequire (\n  example.com/a v1.0.0 // indirect\n  example.com/b v1.1.0\n)\n', {
      ...mod('example.com/a', 'v1.0.0', 'module example.com/a\nrequire example.com/b v1.2.0\nrequire example.com/X v0.0.1'),
      ...mod('example.com/b', 'v1.1.0', 'module example.com/b\n'), ...mod('example.com/b', 'v1.2.0', 'module example.com/b\n'),
      [`${CACHE}/cache/download/example.com/b/@v/v1.2.0.zip`]: 'zip',
    });
    assert.deepEqual(packages.map((one) => [purlOf(one), one.optional ?? false]), [
      ['pkg:golang/example.com/X@v0.0.1', true], ['pkg:golang/example.com/a@v1.0.0', true], ['pkg:golang/example.com/b@v1.2.0', false],
    ]);
    assert.deepEqual(packages[1]?.dependsOn, ['pkg:golang/example.com/X@v0.0.1', 'pkg:golang/example.com/b@v1.2.0']);
    assert.match(packages[2]?.artefact?.sha256 ?? '', /^[0-9a-f]{64}$/);
  });

  it('are not looked for below a module that prunes its graph', async () => {
    const files = {
      ...mod('example.com/a', 'v1.0.0', 'module example.com/a\ngo 1.20\nrequire example.com/b v1.0.0'),
      ...mod('example.com/b', 'v1.0.0', 'module example.com/b\ngo 1.20\nrequire example.com/deep v1.0.0'),
    };
    const names = async (go: string) => (await read(`module m\ngo ${go}\nrequire example.com/a v1.0.0\n`, files)).packages.map((one) => one.name);
    assert.deepEqual(await names('1.20'), ['a', 'b']);
    assert.deepEqual(await names('1.16'), ['a', 'b', 'deep']);
  });

  it('follow replace and exclude lines, and say so', async () => {
    const { packages } = await read('module m\ngo 1.20\nrequire example.com/a v1.0.0\nrequire example.com/c v1.0.0\nreplace example.com/a => example.com/fork v2.0.0+incompatible\nreplace example.com/c => ../c\n', {});
    assert.deepEqual(packages.map((one) => [one.name, one.version]), [['c', ''], ['fork', 'v2.0.0+incompatible']]);
    assert.match(packages[1]?.warnings[0] ?? '', /stands in for example\.com\/a v1\.0\.0/);
  });

  it('are those of the go.mod that the install completed, where it did', async () => {
    const reader = new MemoryReader({ '/sandbox/deps/go/project/go.mod': 'module m\nrequire example.com/more v1.0.0\n' });
    assert.deepEqual(await completedMods(reader, '/sandbox/deps/go/project', ['module m\n', 'module other\n']), ['module m\nrequire example.com/more v1.0.0\n', 'module other\n']);
  });

  it('have the Go beside them that took the place of the image’s', async () => {
    const { packages, modules } = await read('module m\n', { [`${TOOLCHAINS}/golang.org/toolchain@v0.0.1-go1.26.1.linux-arm64/LICENSE`]: 'Redistribution and use in source and binary forms' });
    assert.deepEqual(packages.map(purlOf), ['pkg:golang/golang.org/toolchain@v0.0.1-go1.26.1.linux-arm64']);
    assert.deepEqual(modules, [], 'it is in no build list');
  });

  it('end in a ring', async () => {
    const { packages } = await read('module m\nrequire example.com/a v1.0.0\n', {
      ...mod('example.com/a', 'v1.0.0', 'module example.com/a\nrequire example.com/b v1.0.0'),
      ...mod('example.com/b', 'v1.0.0', 'module example.com/b\nrequire example.com/a v1.0.0\nrequire m v1.0.0'),
    });
    assert.deepEqual(packages.map((one) => one.name), ['a', 'b']);
  });
});
