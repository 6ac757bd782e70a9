import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

/** The library ships the schemas but exports no way to them. */
const schema = (name: string) => JSON.parse(readFileSync(`node_modules/@cyclonedx/cyclonedx-library/res/schema/${name}.SNAPSHOT.schema.json`, 'utf8')) as object;

/**
 * undefined for a document that is valid CycloneDX 1.6; Ajv's strict mode, but for the schema's own annotation and for two checks of
 * how a schema is written that this one does not pass.
 */
export function cycloneDxErrors(document: string): unknown {
  const ajv = new Ajv({ strict: true, allErrors: true, keywords: ['meta:enum'], formats: { 'iri-reference': true, 'idn-email': true }, strictTypes: false, strictRequired: false });
  addFormats(ajv);
  for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema({ ...schema(name), $id: undefined }, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const validate = ajv.compile(schema('bom-1.6'));
  return validate(JSON.parse(document)) ? undefined : validate.errors;
}
