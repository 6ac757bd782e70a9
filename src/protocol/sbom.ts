import * as z from 'zod';

export const SBOM_FORMATS = ['cyclonedx', 'spdx'] as const;
export type SbomFormat = (typeof SBOM_FORMATS)[number];
/** GET /v1/runs/{id}/sbom. */
export const SbomQuery = z.object({ format: z.enum(SBOM_FORMATS).default('cyclonedx') });

/** What a document of each format is, for Content-Type. */
export const SBOM_TYPES: Readonly<Record<SbomFormat, string>> = { cyclonedx: 'application/vnd.cyclonedx+json; version=1.6', spdx: 'application/spdx+json' };

const Licensed = z.object({ license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(), expression: z.string().optional(), acknowledgement: z.string().optional() });
/** As much of our own CycloneDX as a table shows. */
export const SbomDocument = z.object({
  metadata: z.object({ component: z.object({ properties: z.array(z.object({ name: z.string(), value: z.string() })).optional() }).optional() }).optional(),
  components: z.array(z.object({
    type: z.string(), name: z.string(), group: z.string().optional(), version: z.string().optional(), purl: z.string().optional(), scope: z.string().optional(),
    licenses: z.array(Licensed).optional(), properties: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  })).default([]),
});

/** A line of the table. */
export interface SbomRow {
  name: string; version: string;
  /** `pypi`, `npm`, `deb`, …: what a package URL begins with. */
  kind: string;
  /** '' when unknown. */
  licence: string;
  /** Part of the image's operating system. */
  system: boolean;
  warnings: string[];
}

const SYSTEM = /^pkg:(?:deb|apk|rpm)\//;

/** The document's packages, the project's before the image's, each by name. Throws ZodError for what is no such document. */
export function sbomRows(document: string): { rows: SbomRow[]; incomplete: string[] } {
  const { components, metadata } = SbomDocument.parse(JSON.parse(document));
  const rows = components.filter(({ purl }) => purl !== undefined).map((one): SbomRow => ({
    name: one.group === undefined || SYSTEM.test(one.purl!) ? one.name : `${one.group}${one.purl!.startsWith('pkg:maven/') ? ':' : '/'}${one.name}`,
    version: one.version ?? '', kind: /^pkg:([a-z]+)\//.exec(one.purl!)?.[1] ?? '', system: SYSTEM.test(one.purl!),
    licence: (one.licenses ?? []).map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '').join(', '),
    warnings: (one.properties ?? []).filter(({ name }) => name === 'petri:warning').map(({ value }) => value),
  }));
  const byName = (a: SbomRow, b: SbomRow) => Number(a.system) - Number(b.system) || (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);
  const incomplete = (metadata?.component?.properties ?? []).filter(({ name }) => name === 'petri:incomplete').map(({ value }) => value);
  return { rows: rows.sort(byName), incomplete };
}
