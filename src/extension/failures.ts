import { commands, env, l10n, Uri, window } from 'vscode';
import type { ErrorCode } from '../protocol/errors';
import { PetriClientError } from '../sdk/typescript/errors';

type Step = 'retry' | 'install-engine' | 'settings' | 'reload';

const NEXT: Partial<Record<ErrorCode, Step[]>> = {
  'engine-absent': ['install-engine', 'retry'],
  'engine-too-old': ['install-engine'],
  'image-missing': ['settings', 'retry'],
  'image-unsuitable': ['settings'],
  'runner-version': ['reload'],
};

/** Says what went wrong, with the next step as buttons. Does not wait for an answer. */
export function showFailure(error: unknown, retry: () => void): void {
  if (error instanceof PetriClientError && error.code === 'cancelled') return;
  const steps = (error instanceof PetriClientError && NEXT[error.code]) || ['retry'];
  const titles = new Map(steps.map((step) => [titleOf(step), step]));
  void window.showErrorMessage(failureText(error), ...titles.keys()).then((chosen) => {
    const step = chosen === undefined ? undefined : titles.get(chosen);
    if (step !== undefined) return take(step, retry);
  });
}

/** What happened and what to do, in a line. */
export function failureText(error: unknown): string {
  if (!(error instanceof PetriClientError)) return error instanceof Error ? error.message : String(error);
  return [error.message, error.action].filter((part) => part !== undefined).join(' ');
}

function titleOf(step: Step): string {
  switch (step) {
    case 'retry': return l10n.t('Try Again');
    case 'install-engine': return l10n.t('Get Docker…');
    case 'settings': return l10n.t('Open Settings');
    case 'reload': return l10n.t('Reload Window');
  }
}

function take(step: Step, retry: () => void): Thenable<unknown> | void {
  switch (step) {
    case 'retry': return retry();
    case 'install-engine': return env.openExternal(Uri.parse('https://docs.docker.com/get-started/get-docker/'));
    case 'settings': return commands.executeCommand('workbench.action.openSettings', 'jhansi.sandbox');
    case 'reload': return commands.executeCommand('workbench.action.reloadWindow');
  }
}
