import type { LiveSandbox } from '../sandbox/liveSandbox';
import type { InstallPlan, Project } from './adapter';

/** Rules about what may be installed; absent where nobody made any. */
export interface DependencyPolicy {
  /** Part of the key: another policy is another set. */
  fingerprint(live: LiveSandbox): string;
  /** Before anything is fetched. Throws policy-refused, naming the rule. */
  admit(live: LiveSandbox, project: Project, plan: InstallPlan): void;
}
