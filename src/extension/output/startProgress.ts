import { l10n, ProgressLocation, window, type Disposable } from 'vscode';
import type { Progress } from '../../protocol/run';

const PATIENCE_MS = 1000;

/** A notification with numbers and a way out, for a start that takes long; a quick one shows nothing. */
export class StartProgress implements Disposable {
  readonly #timer: NodeJS.Timeout;
  readonly #over: Promise<void>;
  #end!: () => void;
  #latest: Progress | undefined;
  #show: ((progress: Progress) => void) | undefined;

  constructor(private readonly cancel: () => void) {
    this.#over = new Promise((resolve) => { this.#end = resolve; });
    this.#timer = setTimeout(() => void this.#open(), PATIENCE_MS);
  }

  report(progress: Progress): void {
    this.#latest = progress;
    this.#show?.(progress);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#end();
  }

  #open(): Thenable<void> {
    const options = { location: ProgressLocation.Notification, title: l10n.t('Sandbox'), cancellable: true };
    return window.withProgress(options, (view, token) => {
      token.onCancellationRequested(this.cancel);
      let stage: string | undefined;
      let percent = 0;
      this.#show = (progress) => {
        if (stage !== progress.stage) percent = 0;
        stage = progress.stage;
        const { done = 0, total = 0 } = progress;
        const now = total > 0 ? Math.min(100, (done / total) * 100) : percent;
        view.report({ message: progressText(progress), increment: Math.max(0, now - percent) });
        percent = Math.max(percent, now);
      };
      this.#show(this.#latest ?? { stage: 'start', message: l10n.t('Starting…') });
      return this.#over;
    });
  }
}

function progressText({ message, done, total, unit }: Progress): string {
  if (done === undefined || total === undefined) return message;
  if (unit === 'bytes') return l10n.t('{0} ({1} of {2} MB)', message, megabytes(done), megabytes(total));
  return l10n.t('{0} ({1} of {2})', message, done.toLocaleString(), total.toLocaleString());
}

function megabytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toLocaleString(undefined, { maximumFractionDigits: 1 });
}
