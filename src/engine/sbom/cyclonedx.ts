import { createHash } from 'node:crypto';
import { ComponentScope, ComponentType, HashAlgorithm, LicenseAcknowledgement, ExternalReferenceType } from '@cyclonedx/cyclonedx-library/Enums';
import { Bom, Component, ExternalReference, LicenseExpression, NamedLicense, Property, SpdxLicense } from '@cyclonedx/cyclonedx-library/Models';
import { JSON as Json, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { topLevel, type Inventory } from './inventory';
import type { Hash, Licence, Package } from './package';
import { purlOf } from './purl';

const ALGORITHMS: Record<Hash['algorithm'], HashAlgorithm> = {
  'MD5': HashAlgorithm.MD5, 'SHA-1': HashAlgorithm['SHA-1'], 'SHA-256': HashAlgorithm['SHA-256'], 'SHA-384': HashAlgorithm['SHA-384'], 'SHA-512': HashAlgorithm['SHA-512'],
};
/** Names of our own properties begin so. */
const PROPERTY = 'petri:';

/**
 * CycloneDX 1.6, JSON. The same inventory gives the same bytes: no time, no version of ours, and a serial number that is
 * made from the rest.
 */
export function cycloneDx(inventory: Inventory): string {
  const bom = new Bom();
  bom.metadata.tools.components.add(new Component(ComponentType.Application, 'Petri', { group: 'Jhansi' }));
  const root = new Component(ComponentType.Application, 'sandbox', { bomRef: 'sandbox', ...(inventory.setKey && { version: inventory.setKey }) });
  for (const sentence of inventory.incomplete) root.properties.add(new Property(`${PROPERTY}incomplete`, sentence));
  const image = new Component(ComponentType.Container, 'image', { bomRef: 'image', version: inventory.imageId });
  bom.metadata.component = root;
  bom.components.add(image);

  const all = new Map<string, Component>();
  for (const one of [...inventory.packages, ...inventory.system]) {
    const purl = purlOf(one);
    const first = all.get(purl);
    // Twins of one name and version are one component, with the warnings of both.
    if (first) for (const warning of one.warnings) first.properties.add(new Property(`${PROPERTY}warning`, warning));
    else all.set(purl, component(one, purl));
  }
  for (const one of [...inventory.packages, ...inventory.system]) {
    const component = all.get(purlOf(one))!;
    for (const needed of one.dependsOn) {
      const target = all.get(needed);
      if (target && target !== component) component.dependencies.add(target.bomRef);
    }
  }
  for (const component of all.values()) bom.components.add(component);
  root.dependencies.add(image.bomRef);
  for (const purl of topLevel(inventory.packages, purlOf)) root.dependencies.add(all.get(purl)!.bomRef);
  for (const purl of topLevel(inventory.system, purlOf)) image.dependencies.add(all.get(purl)!.bomRef);

  bom.serialNumber = `urn:uuid:${contentId(serialized(bom))}`;
  return `${serialized(bom)}\n`;
}

/** An UUID (version 8: made by the rules of whoever makes it) from what it stands for. */
export function contentId(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function serialized(bom: Bom): string {
  return new JsonSerializer(new Json.Normalize.Factory(Spec1dot6)).serialize(bom, { sortLists: true, space: 1 });
}

function component(one: Package, purl: string): Component {
  const made = new Component(ComponentType.Library, one.name || 'unknown', {
    bomRef: purl, purl, ...(one.namespace && { group: one.namespace }), ...(one.version && { version: one.version }),
    ...(one.optional && { scope: ComponentScope.Optional }),
  });
  for (const licence of licences(one.licences)) made.licenses.add(licence);
  for (const { algorithm, content } of one.hashes) made.hashes.set(ALGORITHMS[algorithm], content);
  if (one.artefact) made.hashes.set(HashAlgorithm['SHA-256'], one.artefact.sha256);
  if (one.location !== '') made.properties.add(new Property(`${PROPERTY}location`, one.location));
  for (const warning of one.warnings) made.properties.add(new Property(`${PROPERTY}warning`, warning));
  const source = one.qualifiers?.vcs_url ?? one.qualifiers?.download_url;
  if (source !== undefined) {
    made.externalReferences.add(new ExternalReference(encodeURI(source), one.qualifiers?.vcs_url ? ExternalReferenceType.VCS : ExternalReferenceType.Distribution));
  }
  return made;
}

/** The format has either one expression or a list of single licences. */
function licences(given: readonly Licence[]): Array<LicenseExpression | NamedLicense | SpdxLicense> {
  const expression = given.find((licence) => 'expression' in licence);
  const made = expression && 'expression' in expression ? [new LicenseExpression(expression.expression)]
    : given.map((licence) => ('id' in licence ? new SpdxLicense(licence.id) : new NamedLicense('name' in licence ? licence.name : '')));
  for (const [at, licence] of made.entries()) {
    licence.acknowledgement = (expression ?? given[at])?.concluded ? LicenseAcknowledgement.Concluded : LicenseAcknowledgement.Declared;
  }
  return made;
}
