import { Disposable, l10n, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import type { SandboxModel } from '../model/sandboxModel';
import { plainLabel } from '../plainLabel';
import { languageName } from '../runs/commandFor';
import type { Place } from '../runs/place';
import type { WindowRuns } from '../runs/windowRuns';
import { activeFolder } from '../activeFolder';
import { Countdown } from './countdown';
import { statusText, statusTooltip } from './statusText';

/** The active folder's sandbox in the status bar: state and minutes left. A click offers what one would want next. */
export class StatusItem implements Disposable {
  readonly #item = window.createStatusBarItem('jhansi.sandbox', StatusBarAlignment.Left, 10);
  readonly #countdown: Countdown;
  readonly #subscriptions: Disposable;
  #expires: string | null = null;

  /** @param refresh asks the runner for a sandbox anew */
  constructor(private readonly model: SandboxModel, private readonly runs: WindowRuns, refresh: (sandboxId: string) => void) {
    this.#item.name = l10n.t('Sandbox');
    this.#item.command = 'jhansi.showActions';
    const after = (ms: number, callback: () => void) => {
      const timer = setTimeout(callback, ms);
      return { dispose: () => clearTimeout(timer) };
    };
    const watch = { now: () => Date.now(), monotonic: () => performance.now(), after };
    this.#countdown = new Countdown(watch, () => this.#show(), () => {
      const id = this.#sandbox()?.id;
      if (id !== undefined) refresh(id);
    });
    const show = () => this.#show();
    this.#subscriptions = Disposable.from(
      model.onDidChange(show), runs.onDidChange(show), window.onDidChangeActiveTextEditor(show), workspace.onDidChangeWorkspaceFolders(show),
      window.onDidChangeWindowState(({ focused }) => { if (focused) this.#countdown.look(); }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#countdown.dispose();
    this.#item.dispose();
  }

  #show(): void {
    const place = this.#place();
    const sandbox = this.#sandbox(place);
    const run = place && this.runs.in(place);
    const last = place && this.runs.lastEnd(place);
    const gone = place?.folder && this.model.ready && !sandbox && !run;
    if (!place || gone || !(sandbox || run || last)) return this.#item.hide();
    this.#count(sandbox?.expires_at ?? null);
    const language = sandbox ? languageName(sandbox.language) : l10n.t('Sandbox');
    const name = place.folder && (workspace.workspaceFolders?.length ?? 0) > 1 ? place.folder.name : sandbox?.language ?? l10n.t('Sandbox');
    const text = statusText({ name, sandbox, run, last, minutesLeft: this.#countdown.minutes, engineError: this.model.engineError?.message });
    const title = place.folder ? l10n.t('Sandbox of {0} ({1})', place.folder.name, language) : l10n.t('Sandbox without a folder ({0})', language);
    this.#item.text = `$(${text.icon}) ${plainLabel(text.parts.join(' · '))}`;
    this.#item.tooltip = statusTooltip(title, text, text.warning);
    this.#item.backgroundColor = text.warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.accessibilityInformation = { label: [title, ...text.parts.slice(1), ...text.lines].join(', '), role: 'button' };
    this.#item.show();
  }

  #count(expires: string | null): void {
    if (expires === this.#expires) return;
    this.#expires = expires;
    this.#countdown.start(expires === null ? undefined : Date.parse(expires));
  }

  /** The active folder; where there is none, the place of a run without one. */
  #place(): Place | undefined {
    const folder = activeFolder();
    return folder ? { folder } : this.runs.latestPlace;
  }

  #sandbox(place = this.#place()) {
    return place?.folder ? this.model.of(place.folder) : undefined;
  }
}
