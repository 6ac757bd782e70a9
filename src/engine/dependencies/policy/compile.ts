import type { DependencyPolicy, PackageRule, SOURCE_KINDS } from '../../../protocol/dependencyPolicy';
import { LANGUAGES, type Language } from '../../../protocol/sandbox';
import { PetriError } from '../../errors';
import { licenceMatcher } from './licences';
import { versionTest, type VersionTest } from './versions';
import { wildcard } from './wildcard';

/** Says where a part of a policy stands, for a person: `.jhansi/policy.json:14` or the setting's name and path. */
export type Place = (path: Array<string | number>) => string;

/** A rule and where it stands. */
export interface Rule { label: string; place: string; reason?: string }

export interface CompiledRule extends Rule {
  names(language: Language, name: string): boolean;
  /** Undefined: about every version. */
  versions: ReadonlyMap<Language, VersionTest> | undefined;
}

export interface CompiledPolicy {
  allow: CompiledRule[] | undefined;
  deny: CompiledRule[];
  licences: {
    allow: ((licence: string) => boolean) | undefined;
    /** The rule that refuses this licence. */
    deny(licence: string): Rule | undefined;
    unknown: 'allow' | 'deny';
    allowRule: Rule; unknownRule: Rule;
  };
  allowRule: Rule;
  sources: Partial<Record<(typeof SOURCE_KINDS)[number], { decision: 'allow' | 'deny'; rule: Rule }>>;
}

const KINDS: Record<Language, string> = { python: 'pypi', node: 'npm', go: 'go', java: 'maven' };

/** One spelling for each package: PEP 503 for Python, lower case for npm; Go and Maven tell upper case from lower. */
export function canonicalName(language: Language, name: string): string {
  if (language === 'python') return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
  return language === 'node' ? name.toLowerCase() : name;
}

/** Throws PetriError `policy-invalid` for a range that no ecosystem it is about can read. */
export function compilePolicy(policy: DependencyPolicy, place: Place): CompiledPolicy {
  const { packages = {}, licenses = {}, sources = {} } = policy;
  const rule = (label: string, path: Array<string | number>): Rule => ({ label, place: place(path) });
  const all = (kind: 'allow' | 'deny') => packages[kind]?.map((entry, index) =>
    compileRule(typeof entry === 'string' ? { package: entry } : entry, `packages.${kind}`, place(['packages', kind, index])));
  const allowed = licenses.allow && licenceMatcher(licenses.allow);
  const denied = licenceMatcher(licenses.deny ?? []);
  return {
    allow: all('allow'),
    deny: all('deny') ?? [],
    allowRule: rule('packages.allow', ['packages', 'allow']),
    licences: {
      allow: allowed && ((licence) => allowed(licence) >= 0),
      deny: (licence) => {
        const index = denied(licence);
        return index < 0 ? undefined : rule(`licenses.deny ${JSON.stringify(licenses.deny?.[index])}`, ['licenses', 'deny', index]);
      },
      unknown: licenses.unknown ?? (licenses.allow ? 'deny' : 'allow'),
      allowRule: rule('licenses.allow', ['licenses', 'allow']),
      unknownRule: licenses.unknown ? rule('licenses.unknown', ['licenses', 'unknown']) : rule('licenses.allow', ['licenses', 'allow']),
    },
    sources: Object.fromEntries(Object.entries(sources).map(([kind, decision]) =>
      [kind, { decision, rule: rule(`sources.${kind}`, ['sources', kind]) }])),
  };
}

/** A policy that cannot be read refuses installs: no rule is ever left out. */
export function policyInvalid(where: string, why: string): PetriError {
  return new PetriError('policy-invalid', `The dependency policy cannot be read, so nothing is installed: ${where}: ${why}.`, {
    action: 'Correct the policy and run again.', details: [where],
  });
}

function compileRule(rule: Exclude<PackageRule, string>, list: string, place: string): CompiledRule {
  const { package: pattern, versions: range, reason } = rule;
  const colon = pattern.indexOf(':');
  const kind = pattern.slice(0, colon);
  const languages = LANGUAGES.filter((language) => kind === '*' || KINDS[language] === kind);
  const names = new Map(languages.map((language) => [language, wildcard(canonicalName(language, pattern.slice(colon + 1)))]));
  let versions: Map<Language, VersionTest> | undefined;
  if (range !== undefined) {
    versions = new Map();
    for (const language of languages) {
      const test = versionTest(language, range);
      if (!test) throw policyInvalid(place, `${JSON.stringify(range)} is no range of ${KINDS[language]} versions`);
      versions.set(language, test);
    }
  }
  return {
    label: `${list} ${JSON.stringify(range === undefined ? pattern : `${pattern} ${range}`)}`, place, reason, versions,
    names: (language, name) => names.get(language)?.(canonicalName(language, name)) ?? false,
  };
}
