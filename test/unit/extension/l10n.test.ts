import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

describe('Texts that can be translated', () => {
  it('are all in the bundle, and the bundle has no others', () => {
    const script = "import('./test/rig/l10n.mjs').then(({ bundle }) => { const { is, should } = bundle(); process.exit(is === should ? 0 : 1); })";
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    assert.equal(status, 0, `the bundle is not what the sources say; write it anew: npm run l10n\n${stderr}`);
  });

  it('of package.json are all in package.nls.json, and every one there is used', () => {
    const used = new Set([...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...used].sort(), Object.keys(read('package.nls.json')).sort());
  });
});
