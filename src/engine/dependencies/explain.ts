import { TLS_ACTION } from '../gateway/registryTrouble';
import type { InstallStep } from './adapter';

type Explanation = ReturnType<NonNullable<InstallStep['explain']>>;
/** What a tool says, and what that means for a person. */
export type Reason = [RegExp, (match: RegExpExecArray, root: string) => Explanation];

export const DISK_ACTION = 'Raise the disk limit (the setting jhansi.sandbox.limits.diskMB), or ask for less.';

/** What every package manager may meet, in the words of the system below it. `diskBytes`: the sandbox's limit, which a file's size has too. */
export function explainGenerally(tail: string, diskBytes?: number): Explanation {
  if (/No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/.test(tail)) {
    return { code: 'disk-full', message: 'The disk that holds the dependencies is full.', action: 'Free some space, for example with: petri cleanup.' };
  }
  if (/File too large|EFBIG/.test(tail)) {
    const limit = diskBytes === undefined ? '' : ` of ${Math.floor(diskBytes / 1024 / 1024)} MiB`;
    return { code: 'disk-full', message: `A file of the dependencies is bigger than the sandbox's disk limit${limit}.`, action: DISK_ACTION };
  }
  if (/CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|certificate signed by unknown authority|PKIX path building failed/.test(tail)) {
    return { code: 'tls-untrusted', message: 'The registry\'s certificate is not trusted.', action: TLS_ACTION };
  }
  if (/ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONNRESET|Connection refused|Could not resolve|Temporary failure in name resolution|Read timed out|ProxyError|502 Bad Gateway|503 Service|504 Gateway/.test(tail)) {
    return { code: 'registry-unreachable', message: 'The package registry could not be reached.', action: 'Check the connection, and run again.' };
  }
  return undefined;
}

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
