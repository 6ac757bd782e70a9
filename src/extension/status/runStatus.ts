import { l10n, StatusBarAlignment, window, type Disposable } from 'vscode';
import { durationText, endText } from '../output/runText';
import type { Place } from '../runs/place';
import type { LastEnd, WindowRun, WindowRuns } from '../runs/windowRuns';

/** The last run's state, in the status bar. Words and icon tell it; colour is left to the theme. */
export class RunStatus implements Disposable {
  readonly #item = window.createStatusBarItem('jhansi.run', StatusBarAlignment.Left, 10);
  readonly #listening: Disposable;
  #place: Place | undefined;

  constructor(runs: WindowRuns) {
    this.#item.name = l10n.t('Sandbox');
    this.#item.command = 'jhansi.showOutput';
    this.#listening = runs.onDidChange(() => {
      const run = runs.all.at(-1);
      this.#place = run?.place ?? this.#place;
      const end = this.#place && runs.lastEnd(this.#place);
      if (run) this.#active(run);
      else if (end) this.#ended(end);
    });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#item.dispose();
  }

  #active({ phase, text }: WindowRun): void {
    if (phase === 'starting') this.#show('loading~spin', l10n.t('Sandbox: starting'), l10n.t('Getting ready to run in the sandbox: {0}', text));
    else this.#show('loading~spin', l10n.t('Sandbox: running'), l10n.t('Running in the sandbox: {0}', text));
  }

  #ended({ text, done }: LastEnd): void {
    if (!done) return this.#show('warning', l10n.t('Sandbox: did not run'), l10n.t('Did not run in the sandbox: {0}', text));
    const state = done.reason === 'exited' ? l10n.t('exit {0}', done.exit_code ?? '?') : endText(done).toLowerCase();
    const icon = done.reason === 'cancelled' ? 'debug-stop' : done.exit_code === 0 ? 'check' : 'error';
    this.#show(icon, l10n.t('Sandbox: {0}', state), l10n.t('{0} after {1}: {2}', endText(done), durationText(done.duration_ms), text));
  }

  #show(icon: string, text: string, explanation: string): void {
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.tooltip = explanation;
    this.#item.accessibilityInformation = { label: explanation };
    this.#item.show();
  }
}
