import assert from 'node:assert/strict';
import { cycloneDx } from '../../../src/engine/sbom/cyclonedx';
import type { Inventory } from '../../../src/engine/sbom/inventory';
import type { Package } from '../../../src/engine/sbom/package';
import { purlOf } from '../../../src/engine/sbom/purl';
import { spdx } from '../../../src/engine/sbom/spdx';
import { cycloneDxErrors } from './cyclonedxSchema';

const one = (name: string, more: Partial<Package> = {}): Package => ({
  type: 'pypi', name, version: '1.0', licences: [], hashes: [], dependsOn: [], location: '/sandbox/deps/x', warnings: [], ...more,
});
const inventory = (...packages: Package[]): Inventory => ({
  setKey: 'key', imageId: `sha256:${'0'.repeat(64)}`, packages, incomplete: ['Something was left out.'],
  system: [one('libc6', { type: 'deb', namespace: 'debian', qualifiers: { arch: 'amd64' }, licences: [{ id: 'LGPL-2.1-or-later' }, { name: 'odd words' }] })],
});

const full = inventory(
  one('flask', { licences: [{ id: 'BSD-3-Clause' }], dependsOn: ['pkg:pypi/jinja2@1.0'], hashes: [{ algorithm: 'SHA-256', content: 'a'.repeat(64) }] }),
  one('jinja2', { licences: [{ expression: 'MIT OR Apache-2.0', concluded: true }], warnings: ['Never seen.'], artefact: { sha256: 'b'.repeat(64) } }),
  one('@odd/näme "x"\\', { version: '', licences: [{ name: 'Whatever <b>' }], qualifiers: { download_url: 'https://example.com/a b' } }),
  one('git', { qualifiers: { vcs_url: 'git+ssh://git@example.com/x y.git#[1]' } }),
  one('', { type: 'npm', namespace: '@s' }), one('optional', { type: 'golang', namespace: 'example.com', optional: true }),
);

describe('The documents of an SBOM', () => {
  it('are valid CycloneDX 1.6 in strict mode', () => {
    assert.equal(cycloneDxErrors(cycloneDx(full)), undefined);
    assert.notEqual(cycloneDxErrors(cycloneDx(full).replace('"type": "library"', '"type": "libary"')), undefined);
  });

  it('are the same bytes for the same packages in whatever order, and others for others', () => {
    const turned = inventory(...[...full.packages].reverse());
    assert.equal(cycloneDx(full), cycloneDx(turned));
    assert.equal(spdx(full), spdx(turned));
    const serial = (text: string) => (JSON.parse(text) as { serialNumber: string }).serialNumber;
    assert.notEqual(serial(cycloneDx(full)), serial(cycloneDx(inventory(...full.packages.slice(1)))));
    assert.match(serial(cycloneDx(full)), /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('name no time but the epoch that SPDX demands', () => {
    assert.doesNotMatch(cycloneDx(full), /20\d\d-\d\d-\d\dT/);
    assert.deepEqual(spdx(full).match(/\d{4}-\d\d-\d\dT[^"]*/g), ['1970-01-01T00:00:00Z']);
  });

  it('carry warnings, the graph, and twins of one name as one component', () => {
    const twins = inventory(one('a', { warnings: ['First.'] }), one('a', { warnings: ['Second.'], dependsOn: [purlOf(one('b'))] }), one('b'));
    const document = JSON.parse(cycloneDx(twins)) as { components: Array<{ name: string; properties?: Array<{ value: string }> }>; dependencies: Array<{ ref: string; dependsOn?: string[] }> };
    const [a, ...others] = document.components.filter(({ name }) => name === 'a');
    assert.deepEqual(others, []);
    assert.deepEqual(a?.properties?.map(({ value }) => value), ['/sandbox/deps/x', 'First.', 'Second.']);
    assert.deepEqual(document.dependencies.find(({ ref }) => ref === 'pkg:pypi/a@1.0')?.dependsOn, ['pkg:pypi/b@1.0']);
    assert.deepEqual(document.dependencies.find(({ ref }) => ref === 'sandbox')?.dependsOn, ['image', 'pkg:pypi/a@1.0']);
  });

  it('give licences that SPDX does not know a name of the document’s own', () => {
    const document = JSON.parse(spdx(full)) as { packages: Array<{ name: string; licenseDeclared?: string; licenseConcluded?: string }>; hasExtractedLicensingInfos: Array<{ licenseId: string; extractedText: string }> };
    const odd = document.packages.find(({ name }) => name.startsWith('@odd'))!;
    assert.equal(document.hasExtractedLicensingInfos.find(({ licenseId }) => licenseId === odd.licenseDeclared)?.extractedText, 'Whatever <b>');
    assert.equal(document.packages.find(({ name }) => name === 'jinja2')?.licenseConcluded, 'MIT OR Apache-2.0');
    assert.equal(document.packages.find(({ name }) => name === 'git')?.licenseDeclared, 'NOASSERTION');
  });
});
