import assert from 'node:assert/strict';
import { cycloneDxErrors } from '../../unit/sbom/cyclonedxSchema';
import type { Bench } from './petri';

export interface Component { name: string; version?: string; purl?: string; licenses?: unknown[]; hashes?: Array<{ alg: string; content: string }>; properties?: Array<{ name: string; value: string }> }

/** The packages of one kind that a run's bill of materials lists; the document is valid. */
export async function componentsOf(bench: Bench, runId: string, kind: 'pypi' | 'npm' | 'golang' | 'maven' | 'deb'): Promise<Component[]> {
  const text = await bench.petri.sbom(runId, 'cyclonedx');
  assert.equal(cycloneDxErrors(text), undefined);
  const { components } = JSON.parse(text) as { components: Component[] };
  return components.filter(({ purl }) => purl?.startsWith(`pkg:${kind}/`));
}

/** As package URLs have it, without what distinguishes files of one version: `group/name version`, in order. */
export function namesOf(components: readonly Component[]): string[] {
  return components.map(({ purl = '' }) => decodeURIComponent(purl.replace(/^pkg:\w+\//, '').replace(/\?.*$/, '').replace(/@([^@]*)$/, ' $1'))).sort();
}
