import { commands } from 'vscode';

/** Every context key that menus, keys and welcome texts in package.json ask for, each set through here. */
export type ContextKey =
  /** This window runs something. */
  | 'jhansi.running'
  /** A diff of Review Sandbox Changes is what the user looks at. */
  | 'jhansi.reviewing'
  /** Why there is no engine to run on, as an error code; absent when there is one or nobody has asked. */
  | 'jhansi.engineError'
  /** The view knows what there is. */
  | 'jhansi.ready';

export function setContext(key: ContextKey, value: boolean | string | undefined): void {
  void commands.executeCommand('setContext', key, value);
}
