import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { archiveOf } from '../../../../src/engine/container/archive';

/** What npm's registry serves of one version of a package, by path, in base64. `tarball`: where its index says it lies. */
export async function npmPackage(name: string, files: Record<string, string>, manifest: object = {}, tarball = `https://registry.test/${name}/-/${name}-1.0.0.tgz`): Promise<Record<string, string>> {
  const own = { name, version: '1.0.0', ...manifest };
  const all = { 'package.json': JSON.stringify(own), ...files };
  const packed = gzipSync(await archiveOf(Object.entries(all).map(([path, text]) => ({ name: `package/${path}`, mode: 0o644, content: Buffer.from(text) }))));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  const index = { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { ...own, dist: { tarball, integrity } } } };
  return { [`/${name}`]: Buffer.from(JSON.stringify(index)).toString('base64'), [new URL(tarball).pathname]: packed.toString('base64') };
}
