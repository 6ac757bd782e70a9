import { PetriError } from '../errors';
import type { Decision } from './door';
import { printTarget } from './policy/hostName';

export const TLS_ACTION = 'If your network has a certificate authority of its own, name its file in the setting jhansi.network.extraCertificates or in PETRI_EXTRA_CA.';
export const NETWORK_ACTION = 'Check the network and run again, or name a mirror in the setting jhansi.network.registries or in PETRI_REGISTRIES.';

/** What a gateway's requests to a registry failed by, after it has tried again by itself. */
const FAILURES: Record<string, (host: string) => PetriError> = {
  'tls-untrusted': (host) => new PetriError('tls-untrusted', `The certificate of the registry ${host} is not trusted.`, { action: TLS_ACTION }),
  unresolved: (host) => new PetriError('registry-unreachable', `The name of the registry ${host} cannot be resolved.`, { action: NETWORK_ACTION }),
  unreachable: (host) => new PetriError('registry-unreachable', `The registry ${host} does not answer.`, { action: NETWORK_ACTION }),
};

/**
 * The registry that cannot be downloaded from any more: the latest that the gateway heard of it is a failure. It knows better than any
 * tool's words, which blame what they were looking for. undefined while every registry's latest answer was one.
 */
export function registryTrouble(decisions: readonly Decision[]): PetriError | undefined {
  const troubled = new Map<string, PetriError>();
  for (const decision of decisions) {
    // Who hung up, or was refused, tells nothing about the registry.
    if (decision.rule === 'cut-short' && decision.status === null) continue;
    const host = printTarget(decision);
    const error = failure(decision, host);
    if (error) troubled.set(host, error);
    else if (decision.allowed) troubled.delete(host);
  }
  return [...troubled.values()].sort((a, b) => weight(a) - weight(b))[0];
}

/** A registry, or a host that is none here, that said no. A tool's own words go before it: it may have found its way all the same. */
export function refusal(decisions: readonly Decision[]): PetriError | undefined {
  for (const decision of [...decisions].reverse()) {
    const host = printTarget(decision);
    if (decision.allowed && (decision.status === 401 || decision.status === 403)) {
      return new PetriError('registry-unreachable', `The registry ${host} answers ${decision.status}: it wants to know who asks.`, {
        action: 'If your own tools may read from it, name it in the setting jhansi.network.credentials or in PETRI_REGISTRY_CREDENTIALS.',
      });
    }
    if (decision.rule === 'host') {
      return new PetriError('source-refused', `Something was asked for at ${host}, which is no registry of this image's package managers.`, {
        action: 'If it is one of yours, name it in the setting jhansi.network.registryHosts or in PETRI_REGISTRY_HOSTS.',
      });
    }
  }
  return undefined;
}

function failure({ rule, status }: Decision, host: string): PetriError | undefined {
  if (rule.endsWith('-address')) {
    return new PetriError('registry-unreachable', `The registry ${host} lies on a private network, where only hosts may lie that you name.`, {
      action: 'If it is yours, name it in the setting jhansi.network.registryHosts or in PETRI_REGISTRY_HOSTS.',
    });
  }
  const known = FAILURES[rule]?.(host);
  if (known || status === null || (status < 500 && status !== 429)) return known;
  return new PetriError('registry-unreachable', `The registry ${host} answers ${status}.`, { action: NETWORK_ACTION });
}

/** A certificate does not mend itself. */
function weight({ code }: PetriError): number {
  return code === 'tls-untrusted' ? 0 : 1;
}
