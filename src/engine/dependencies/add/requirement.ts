import { normalName } from '../python/normalName';
import { noPackage, type WantedPackage } from './edit';

const REQUIREMENT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[A-Za-z0-9._,\s-]+\])?\s*((?:(?:===|~=|==|!=|<=|>=|<|>)\s*[\w.*+!-]+\s*,?\s*)*)$/;

/** `requests`, `requests[socks]>=2,<3`. No address, no marker: those are for whoever writes a manifest by hand. */
export function parseRequirement(wanted: string): WantedPackage {
  const match = REQUIREMENT.exec(wanted.trim());
  if (!match) throw noPackage(wanted, 'requests or requests>=2');
  return { name: match[1]!, extras: match[2] ?? '', version: match[3]!.trim() };
}

export function requirementText({ name, extras = '', version }: WantedPackage): string {
  return `${name}${extras}${version}`;
}

/** Whether a line or list entry asks for this package, in whatever spelling. */
export function asksFor(requirement: string, { name }: WantedPackage): boolean {
  const asked = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(requirement)?.[1];
  return asked !== undefined && normalName(asked) === normalName(name);
}
