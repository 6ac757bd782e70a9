import * as z from 'zod';

const printable = /^[^\p{Cc}\p{Cf}]*$/u;
const text = (most: number) => z.string().min(1).max(most).regex(printable, 'holds characters that cannot be printed');

/**
 * Which packages: the registry's kind, a colon, and a name in which `*` stands for anything, as in `npm:@types/*`, `pypi:requests`,
 * `go:golang.org/x/*`, `maven:org.apache.commons:*` or `*:*`.
 */
const PackagePattern = text(500).regex(/^(pypi|npm|go|maven|\*):\S+$/,
  'must be pypi:, npm:, go:, maven: or *: and a name, such as npm:@types/*');

const PackageRule = z.union([
  PackagePattern,
  z.strictObject({
    package: PackagePattern,
    /** Versions it is about, all when absent, in the ecosystem's own words: `<2.32` (pypi), `^4.17 || >5` (npm, go), `[1.0,2.0)` (maven). */
    versions: text(500).optional(),
    /** Told to whoever meets the rule. */
    reason: text(500).optional(),
  }),
], { error: 'must be a pattern such as npm:@types/*, or an object of package, versions and reason' });
export type PackageRule = z.infer<typeof PackageRule>;

const rules = z.array(PackageRule).max(5000);
/** SPDX licence ids, `*` standing for anything: `MIT`, `AGPL-*`. */
const licences = z.array(text(200)).max(1000);

export const SOURCE_KINDS = ['git', 'path', 'url', 'registry'] as const;
const decision = z.enum(['allow', 'deny']);

/** What may be installed. Stands in the setting `jhansi.dependencies.policy` and in a folder's `.jhansi/policy.json`; both must agree. */
export const DependencyPolicy = z.strictObject({
  $schema: z.string().optional(),
  packages: z.strictObject({
    /** When given, a package that no rule here names is refused; what a package itself depends on included. */
    allow: rules.optional(),
    deny: rules.optional(),
  }).optional(),
  licenses: z.strictObject({
    /** When given, every other licence is refused. Of `A OR B` one is enough, of `A AND B` both are needed. */
    allow: licences.optional(),
    deny: licences.optional(),
    /** A package whose licence could not be found out: refused when there is an allow list, unless this says otherwise. */
    unknown: decision.optional(),
  }).optional(),
  /** Dependencies that do not come from the configured registry. What no policy mentions: `path` is allowed, the others are refused. */
  sources: z.strictObject(Object.fromEntries(SOURCE_KINDS.map((kind) => [kind, decision.optional()])) as
    Record<(typeof SOURCE_KINDS)[number], z.ZodOptional<typeof decision>>).optional(),
});
export type DependencyPolicy = z.infer<typeof DependencyPolicy>;
