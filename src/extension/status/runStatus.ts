import { l10n, StatusBarAlignment, window, type Disposable } from 'vscode';
import type { Done } from '../../protocol/run';
import { durationText, endText } from '../output/runText';

/** The last run's state, in the status bar. Words and icon tell it; colour is left to the theme. */
export class RunStatus implements Disposable {
  readonly #item = window.createStatusBarItem('jhansi.run', StatusBarAlignment.Left, 10);

  constructor() {
    this.#item.name = l10n.t('Sandbox');
    this.#item.command = 'jhansi.showOutput';
  }

  starting(command: string): void {
    this.#show('loading~spin', l10n.t('Sandbox: starting'), l10n.t('Getting ready to run in the sandbox: {0}', command));
  }

  running(command: string): void {
    this.#show('loading~spin', l10n.t('Sandbox: running'), l10n.t('Running in the sandbox: {0}', command));
  }

  ended(command: string, done: Done): void {
    const state = done.reason === 'exited' ? l10n.t('exit {0}', done.exit_code ?? '?') : endText(done).toLowerCase();
    const icon = done.reason === 'cancelled' ? 'debug-stop' : done.exit_code === 0 ? 'check' : 'error';
    this.#show(icon, l10n.t('Sandbox: {0}', state), l10n.t('{0} after {1}: {2}', endText(done), durationText(done.duration_ms), command));
  }

  failed(command: string): void {
    this.#show('warning', l10n.t('Sandbox: did not run'), l10n.t('Did not run in the sandbox: {0}', command));
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(icon: string, text: string, explanation: string): void {
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.tooltip = explanation;
    this.#item.accessibilityInformation = { label: explanation };
    this.#item.show();
  }
}
