import { satisfies as satisfiesPep440, valid as validPep440, validRange as validPep440Range } from '@renovatebot/pep440';
import semver from 'semver';
import type { Language } from '../../../protocol/sandbox';
import { mavenRange } from './mavenVersion';

/** Is this version in the range? A version that cannot be read is in no range that allows and in every one that denies: undefined. */
export type VersionTest = (version: string) => boolean | undefined;

// Pre-releases count by their place in the order: `<2` is also about 2.0.0-beta.
const SEMVER = { includePrerelease: true, loose: true };

/** The test for a range in the language's own words; undefined when the words cannot be read. */
export function versionTest(language: Language, range: string): VersionTest | undefined {
  switch (language) {
    case 'python': {
      if (validPep440(range) !== null) return versionTest(language, `==${range}`);
      if (!validPep440Range(range)) return undefined;
      return (version) => (validPep440(version) === null ? undefined : satisfiesPep440(version, range, { prereleases: true }));
    }
    case 'node':
    case 'go': {
      const parsed = semver.validRange(range, SEMVER);
      if (parsed === null) return undefined;
      return (version) => (semver.valid(version, SEMVER) === null ? undefined : semver.satisfies(version, parsed, SEMVER));
    }
    case 'java':
      return mavenRange(range);
  }
}

/** The version that a manifest or a lock pins, when what it says leaves no choice. */
export function exactVersion(language: Language, written: string): string | undefined {
  const text = written.trim();
  switch (language) {
    case 'python': {
      const version = text.replace(/^===?\s*/, '');
      return validPep440(version) === null ? undefined : version;
    }
    case 'node':
      return semver.valid(text.replace(/^=\s*/, '')) ?? undefined;
    case 'go':
      return semver.valid(text) === null ? undefined : text;
    case 'java':
      // Maven's soft requirement: nothing but a nearer mention of the same package overrules it.
      return text === '' || /[[\](),$]|^(LATEST|RELEASE)$/.test(text) ? undefined : text;
  }
}
