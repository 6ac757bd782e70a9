import type { SOURCE_KINDS } from '../../../protocol/dependencyPolicy';
import type { Language } from '../../../protocol/sandbox';
import { PetriError } from '../../errors';
import type { Requested } from '../adapter';
import type { CompiledPolicy, CompiledRule, Rule } from './compile';
import { licencePasses } from './licences';
import { exactVersion } from './versions';

/** A package that is really there. */
export interface InstalledPackage {
  name: string; version: string;
  /** SPDX expression, or whatever its metadata says; null when nothing says anything. */
  licence: string | null;
}

/** Who has a say: the user's setting and the folder's file. A package must pass both; the folder can only tighten. */
export interface Policies { setting: CompiledPolicy | undefined; folder: CompiledPolicy | undefined }

/** One package that a policy refuses. */
export interface Refusal { name: string; version?: string; rule: Rule; message: string; path?: string; line?: number }

type SourceKind = (typeof SOURCE_KINDS)[number];
/** What nobody decided: what is in the folder anyway may be used, what comes from elsewhere than the registry may not. */
const DEFAULT_SOURCES: Record<SourceKind, 'allow' | 'deny'> = { git: 'deny', path: 'allow', url: 'deny', registry: 'deny' };
const DEFAULT_PLACE = 'default';
const SOURCE_WORDS = { git: 'a git repository', path: 'a folder', url: 'an address', registry: 'another registry' };
/** What of a list a sentence names. */
const MOST_NAMED = 5;

/**
 * Before an install: the setting's policy first, then the folder's; a package must pass every one of them. A version that is not
 * settled yet passes here and is met again by `checkInstalled`.
 */
export function checkRequested(policies: Policies, language: Language, requested: Requested[]): Refusal[] {
  return requested.flatMap((wanted) => {
    const version = wanted.version === undefined ? undefined : exactVersion(language, wanted.version);
    // What lies in the folder is its own code, no package of a registry.
    const found = sourceRefusal(policies, wanted)
      ?? (wanted.source?.kind === 'path' ? undefined : packageRefusal(all(policies), language, wanted.name, version));
    return found ? [{ ...found, name: wanted.name, version: wanted.version, path: wanted.path, line: wanted.line }] : [];
  });
}

/** After an install and when the SBOM is written: what is really there, with its licence. */
export function checkInstalled(policies: Policies, language: Language, packages: InstalledPackage[]): Refusal[] {
  return packages.flatMap(({ name, version, licence }) => {
    const found = packageRefusal(all(policies), language, name, version) ?? licenceRefusal(all(policies), name, licence);
    return found ? [{ ...found, name, version }] : [];
  });
}

/** The error for a list of refusals that is not empty: names the first packages and their rules; `details` has them all. */
export function refused(refusals: Refusal[]): PetriError {
  const [first, ...more] = refusals;
  const named = more.slice(0, MOST_NAMED).map(({ name }) => name).join(', ');
  const rest = more.length > MOST_NAMED ? ` and ${more.length - MOST_NAMED} more` : '';
  const others = more.length === 0 ? '' : ` So ${more.length === 1 ? 'is' : 'are'} ${named}${rest}.`;
  // Where nobody made a rule, it is the source itself that is not taken.
  const code = refusals.every(({ rule }) => rule.place === DEFAULT_PLACE) ? 'source-refused' : 'policy-refused';
  return new PetriError(code, `${first?.message ?? 'A package is refused by policy.'}${others}`, {
    action: 'Use another package or version, or have the rule changed where it stands.',
    details: refusals.map(({ message, path, line }) => (path === undefined ? message : `${[path, ...(line ? [line] : [])].join(':')}: ${message}`)),
  });
}

type Found = Pick<Refusal, 'rule' | 'message'>;

function all({ setting, folder }: Policies): CompiledPolicy[] {
  return [setting, folder].filter((policy) => policy !== undefined);
}

/** The folder's word only counts when it is no: it may tighten what the setting, or the default, says. */
function sourceRefusal({ setting, folder }: Policies, { name, source }: Requested): Found | undefined {
  if (!source) return undefined;
  const { kind, address } = source;
  const denied = [setting, folder].find((policy) => policy?.sources[kind]?.decision === 'deny')?.sources[kind];
  if (!denied && (setting?.sources[kind]?.decision ?? DEFAULT_SOURCES[kind]) === 'allow') return undefined;
  return because(`${name} comes from ${SOURCE_WORDS[kind]}, ${address}`, denied?.rule ?? { label: `sources.${kind}`, place: DEFAULT_PLACE });
}

function packageRefusal(both: CompiledPolicy[], language: Language, name: string, version: string | undefined): Found | undefined {
  const shown = version === undefined ? name : `${name} ${version}`;
  for (const { allow, allowRule, deny } of both) {
    const about = (rule: CompiledRule) => rule.names(language, name);
    const within = (rule: CompiledRule, unreadable: boolean) => {
      const test = rule.versions?.get(language);
      return !test || (version === undefined ? !unreadable : (test(version) ?? unreadable));
    };
    // What cannot be judged is refused; what is not settled yet is judged when it is.
    const denying = deny.find((rule) => about(rule) && within(rule, true));
    if (denying) return because(`${shown} is refused`, denying);
    if (allow && !allow.some((rule) => about(rule) && within(rule, false))) {
      return because(`${shown} is not among the packages that are allowed`, allowRule);
    }
  }
  return undefined;
}

function licenceRefusal(both: CompiledPolicy[], name: string, licence: string | null): Found | undefined {
  for (const { licences } of both) {
    let denying: Rule | undefined;
    const accepts = (id: string): boolean => {
      const rule = licences.deny(id);
      denying ??= rule;
      return !rule && (!licences.allow || licences.allow(id));
    };
    // A text that is no expression can be named in a rule as it stands.
    const named = (text: string) => licences.deny(text) !== undefined || licences.allow?.(text) === true;
    const judged = (text: string) => licencePasses(text, accepts) ?? (named(text) ? accepts(text) : undefined);
    const passes = licence === null ? undefined : judged(licence);
    if (passes === undefined && licences.unknown === 'deny') {
      const what = licence === null ? 'is unknown' : `is no licence expression: ${JSON.stringify(licence)}`;
      return because(`The licence of ${name} ${what}`, licences.unknownRule);
    }
    if (passes === false) return because(`${name} is licensed under ${licence}`, denying ?? licences.allowRule);
  }
  return undefined;
}

function because(what: string, rule: Rule): Found {
  const why = rule.reason === undefined ? '' : ` Reason given: ${rule.reason}`;
  return { rule, message: `${what}: rule ${rule.label} (${rule.place}).${why}` };
}
