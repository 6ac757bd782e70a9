import { delimiter } from 'node:path';
import { PetriError } from '../../engine/errors';
import type { Mirrors } from '../../engine/gateway/door';

const TOOLS = ['npm', 'pip', 'go', 'gosum', 'maven', 'gradle'] as const;

export interface NetworkSettings {
  /** PEM files. */
  extraCa: string[];
  registries: Mirrors;
  hosts: string[];
  aliases: Record<string, string>;
  /** Hosts that get the user's own credentials. */
  credentials: string[];
}

/** PETRI_EXTRA_CA, PETRI_REGISTRIES, PETRI_REGISTRY_HOSTS, PETRI_REGISTRY_ALIASES, PETRI_REGISTRY_CREDENTIALS. Throws bad-request for what cannot be read. */
export function networkSettings(env: Record<string, string | undefined>): NetworkSettings {
  const registries = pairs(env, 'PETRI_REGISTRIES');
  for (const tool of Object.keys(registries)) {
    if (!(TOOLS as readonly string[]).includes(tool)) throw new PetriError('bad-request', `PETRI_REGISTRIES names ${JSON.stringify(tool)}, which is none of: ${TOOLS.join(', ')}.`);
  }
  return {
    extraCa: (env.PETRI_EXTRA_CA ?? '').split(delimiter).filter(Boolean), registries,
    hosts: words(env.PETRI_REGISTRY_HOSTS), aliases: pairs(env, 'PETRI_REGISTRY_ALIASES'), credentials: words(env.PETRI_REGISTRY_CREDENTIALS),
  };
}

/** `name=value` words; a value may have commas of its own (GOPROXY does), a space ends it. */
function pairs(env: Record<string, string | undefined>, variable: string): Record<string, string> {
  return Object.fromEntries((env[variable] ?? '').split(/\s+/).filter(Boolean).map((word) => {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) throw new PetriError('bad-request', `${variable} has ${JSON.stringify(word)}, which is not of the form name=value.`);
    return [name, value];
  }));
}

function words(text = ''): string[] {
  return text.split(/[\s,]+/).filter(Boolean).map((word) => word.toLowerCase());
}
