import { l10n, type Disposable } from 'vscode';
import type { Run } from '../../protocol/run';
import type { Outputs } from '../output/outputs';
import type { RunnerClient } from '../runnerClient';
import type { WindowRuns } from '../runs/windowRuns';

const NAMED = 3;

/** Under a run's end: what it changed, as soon as that is known, and where to see it. */
export class ChangedFiles implements Disposable {
  readonly #listening: Disposable;

  constructor(runner: RunnerClient, private readonly runs: WindowRuns, private readonly outputs: Outputs) {
    this.#listening = runner.onEvent((event) => { if (event.event === 'run' && event.data.files) this.#tell(event.data); });
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #tell({ id, files }: Run): void {
    const place = this.runs.placeOf(id);
    const paths = files ? [...files.created, ...files.changed, ...files.deleted] : [];
    // Under the next run's output it would be taken for that one's.
    if (!place || paths.length === 0 || this.runs.in(place)) return;
    this.runs.forget(id);
    const named = paths.slice(0, NAMED).join(', ');
    const text = paths.length > NAMED ? l10n.t('{0} and {1} more', named, paths.length - NAMED) : named;
    const { output } = this.outputs.of(place);
    output.line(place.folder ? `[${l10n.t('Changed in the sandbox: {0}. Review Sandbox Changes brings it here.', text)}]` : `[${l10n.t('Changed in the sandbox: {0}', text)}]`);
    output.flush();
  }
}
