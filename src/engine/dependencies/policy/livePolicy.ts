import { hash } from 'node:crypto';
import type { Language } from '../../../protocol/sandbox';
import { HostFileError } from '../../ports/fileSource';
import type { LiveSandbox } from '../../sandbox/liveSandbox';
import type { DependencyPolicy } from '../policy';
import { checkInstalled, checkRequested, refused, type InstalledPackage, type Policies } from './check';
import { policyInvalid } from './compile';
import { POLICY_PATH, readPolicies } from './policyFile';

/** The rules of the user's setting and of the folder that the sandbox belongs to. A sandbox without a folder has the setting's alone. */
export const livePolicy: DependencyPolicy = {
  fingerprint(live) {
    const file = folderPolicy(live);
    const setting = live.row.dependencies.policy;
    return setting === undefined && file === undefined ? '' : hash('sha256', JSON.stringify([setting ?? null, file?.toString('base64') ?? null]), 'hex');
  },

  admit(live, project, plan) {
    const refusals = checkRequested(policiesOf(live), project.language, plan.requested);
    if (refusals.length > 0) throw refused(refusals);
  },

  admitInstalled(live: LiveSandbox, language: Language, packages: InstalledPackage[]) {
    const refusals = checkInstalled(policiesOf(live), language, packages);
    if (refusals.length > 0) throw refused(refusals);
  },
};

function policiesOf(live: LiveSandbox): Policies {
  return readPolicies(live.row.dependencies.policy ?? undefined, folderPolicy(live));
}

/** Straight from the user's folder: neither an ignore rule nor a run can take it out of sight. */
function folderPolicy(live: LiveSandbox): Buffer | undefined {
  const folder = live.row.folder === null ? undefined : live.folder();
  try {
    return folder?.source.stat(POLICY_PATH) && folder.source.readSmall(POLICY_PATH);
  } catch (error) {
    if (!(error instanceof HostFileError)) throw error;
    if (error.reason === 'absent') return undefined;
    throw policyInvalid(POLICY_PATH, error.reason === 'link-in-path' || error.reason === 'not-a-file' ? 'it is not a regular file' : `it cannot be read (${error.reason})`);
  }
}
