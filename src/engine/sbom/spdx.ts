import { contentId } from './cyclonedx';
import { topLevel, type Inventory } from './inventory';
import type { Licence, Package } from './package';
import { purlOf } from './purl';
import { byText } from './text';

interface SpdxPackage { SPDXID: string; name: string; [field: string]: unknown }

/**
 * SPDX 2.3, JSON. The format demands a time of creation; it is the epoch, since the same inventory gives the same bytes.
 */
export function spdx(inventory: Inventory): string {
  const own = new OwnLicences();
  const ids = new Map<string, string>();
  const packages: SpdxPackage[] = [
    { SPDXID: 'SPDXRef-sandbox', name: 'sandbox', ...(inventory.setKey && { versionInfo: inventory.setKey }), downloadLocation: 'NOASSERTION', filesAnalyzed: false,
      ...(inventory.incomplete.length > 0 && { comment: inventory.incomplete.join('\n') }) },
    { SPDXID: 'SPDXRef-image', name: 'image', versionInfo: inventory.imageId, downloadLocation: 'NOASSERTION', filesAnalyzed: false, primaryPackagePurpose: 'CONTAINER' },
  ];
  const all = [...inventory.packages, ...inventory.system].sort((a, b) => byText(purlOf(a), purlOf(b)));
  for (const one of all) {
    const purl = purlOf(one);
    if (ids.has(purl)) continue;
    const id = `SPDXRef-${one.type}-${contentId(purl)}`;
    ids.set(purl, id);
    packages.push(toSpdx(one, id, purl, own));
  }
  const relation = (from: string, relationshipType: string, to: string | undefined) => (to === undefined ? [] : [{ spdxElementId: from, relationshipType, relatedSpdxElement: to }]);
  const relationships = [
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-sandbox' },
    { spdxElementId: 'SPDXRef-sandbox', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-image' },
    ...topLevel(inventory.packages, purlOf).sort(byText).flatMap((purl) => relation('SPDXRef-sandbox', 'DEPENDS_ON', ids.get(purl))),
    ...inventory.system.map(purlOf).sort(byText).flatMap((purl) => relation('SPDXRef-image', 'CONTAINS', ids.get(purl))),
    ...unique(all).flatMap((one) => one.dependsOn.flatMap((needed) => relation(ids.get(purlOf(one))!, 'DEPENDS_ON', ids.get(needed)))),
  ];
  const body = {
    spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT', name: 'sandbox',
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: Petri'] },
    packages, relationships, ...(own.texts.length > 0 && { hasExtractedLicensingInfos: own.texts }),
  };
  return `${JSON.stringify({ ...body, documentNamespace: `urn:uuid:${contentId(JSON.stringify(body))}` }, undefined, 1)}\n`;
}

function toSpdx(one: Package, id: string, purl: string, own: OwnLicences): SpdxPackage {
  const checksums = [...one.hashes.map(({ algorithm, content }) => ({ algorithm: algorithm.replace('-', ''), checksumValue: content })),
    ...(one.artefact ? [{ algorithm: 'SHA256', checksumValue: one.artefact.sha256 }] : [])];
  const declared = one.licences.filter((licence) => !licence.concluded).map((licence) => own.expression(licence));
  const concluded = one.licences.filter((licence) => licence.concluded).map((licence) => own.expression(licence));
  return {
    SPDXID: id, name: one.namespace ? `${one.namespace}/${one.name}` : one.name || 'unknown', ...(one.version && { versionInfo: one.version }),
    downloadLocation: 'NOASSERTION', filesAnalyzed: false, licenseDeclared: joined(declared), licenseConcluded: joined(concluded), copyrightText: 'NOASSERTION',
    ...(checksums.length > 0 && { checksums: [...new Map(checksums.map((sum) => [sum.algorithm, sum])).values()] }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
    ...(one.warnings.length > 0 && { comment: one.warnings.join('\n') }),
  };
}

function joined(expressions: readonly string[]): string {
  if (expressions.length === 0) return 'NOASSERTION';
  return expressions.length === 1 ? expressions[0]! : expressions.map((text) => (text.includes(' ') ? `(${text})` : text)).join(' AND ');
}

function unique(packages: readonly Package[]): Package[] {
  return [...new Map(packages.map((one) => [purlOf(one), one])).values()];
}

/** Licences without an identifier of SPDX's get one of this document. */
class OwnLicences {
  readonly texts: Array<{ licenseId: string; name: string; extractedText: string }> = [];

  expression(licence: Licence): string {
    if ('id' in licence) return licence.id;
    if ('expression' in licence) return licence.expression;
    const licenseId = `LicenseRef-${contentId(licence.name)}`;
    if (!this.texts.some((text) => text.licenseId === licenseId)) this.texts.push({ licenseId, name: licence.name, extractedText: licence.name });
    return licenseId;
  }
}
