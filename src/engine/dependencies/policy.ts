import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { Language } from '../../protocol/sandbox';
import type { InstallPlan, Project } from './adapter';
import type { InstalledPackage } from './policy/check';

/** Rules about what may be installed; absent where nobody made any. */
export interface DependencyPolicy {
  /** Part of the key: another policy is another set. */
  fingerprint(live: LiveSandbox): string;
  /** Before anything is fetched. Throws policy-refused, naming the rule. */
  admit(live: LiveSandbox, project: Project, plan: InstallPlan): void;
  /** When it is known what is really there, with versions and licences. Throws policy-refused, naming the rule. */
  admitInstalled(live: LiveSandbox, language: Language, packages: InstalledPackage[]): void;
}
