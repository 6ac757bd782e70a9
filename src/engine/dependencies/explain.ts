import { PetriError } from '../errors';
import type { InstallStep } from './adapter';

type Explanation = ReturnType<NonNullable<InstallStep['explain']>>;
/** What a tool says, and what that means for a person. */
export type Reason = [RegExp, (match: RegExpExecArray, root: string) => Explanation];

/** What every package manager may meet, in the words of the system below it. */
export function explainGenerally(tail: string): Explanation {
  if (/No space left on device|ENOSPC|Disk quota exceeded|File too large|EDQUOT/.test(tail)) {
    return { code: 'disk-full', message: 'The disk that holds the dependencies is full.', action: 'Free some space, for example with: petri cleanup.' };
  }
  if (/CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|certificate signed by unknown authority|PKIX path building failed/.test(tail)) {
    return { code: 'tls-untrusted', message: 'The registry\'s certificate is not trusted.', action: TLS_ACTION };
  }
  if (/ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNRESET|Connection refused|Could not resolve|Temporary failure in name resolution|Read timed out|ProxyError|502 Bad Gateway|503 Service|504 Gateway/.test(tail)) {
    return { code: 'registry-unreachable', message: 'The package registry could not be reached.', action: 'Check the connection, and run again.' };
  }
  return undefined;
}

export const TLS_ACTION = 'If your network inspects TLS, name its certificate authority: PETRI_EXTRA_CA.';

/** The first reason whose pattern is found in what was said; the most telling ones come first. `root`: the project's folder. */
export function explainBy(reasons: Reason[], root: string): NonNullable<InstallStep['explain']> {
  return (tail) => {
    for (const [pattern, explain] of reasons) {
      const match = pattern.exec(tail);
      if (match) return explain(match, root);
    }
    return undefined;
  };
}

const LAST_LINES = 12;

/** Why a step failed, for a person. */
export function failureOf(step: InstallStep, tail: string, exitCode: number | null): PetriError {
  const explained = step.explain?.(tail) ?? explainGenerally(tail);
  const lines = tail.split(/\r\n|\n|\r/).map((line) => line.trimEnd()).filter((line) => line !== '').slice(-LAST_LINES).map((line) => line.slice(0, 400));
  if (!explained) {
    return new PetriError('install-failed', `${step.title} the dependencies failed${exitCode === null ? '' : ` with ${exitCode}`}.`, {
      action: 'petri deps --log shows all that was said.', details: lines,
    });
  }
  const { code, message, action, path, line } = explained;
  const place = path === undefined ? [] : [line === undefined ? path : `${path}:${line}`];
  return new PetriError(code, message, { action, details: [...place, ...lines] });
}
