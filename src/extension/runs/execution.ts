import { l10n, window } from 'vscode';
import type { Done, Notice } from '../../protocol/run';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import { failureText, showFailure } from '../failures';
import type { FolderSandboxes } from '../folderSandboxes';
import type { Notices } from '../notices/notices';
import type { InstallChannel } from '../output/installChannel';
import type { Outputs, PlaceOutput } from '../output/outputs';
import { durationText, endText } from '../output/runText';
import { StartProgress } from '../output/startProgress';
import { sandboxSettings } from '../settings';
import { languageName } from './commandFor';
import { placeName } from './place';
import { plannedText, type PlannedRun } from './plannedRun';
import type { RunMemory } from './runMemory';
import type { WindowRun, WindowRuns } from './windowRuns';

/** The main job: a command in its place's sandbox, its output in the channel. */
export class Execution {
  constructor(
    private readonly sandboxes: FolderSandboxes,
    private readonly runs: WindowRuns,
    private readonly outputs: Outputs,
    private readonly memory: RunMemory,
    private readonly notices: Notices,
    private readonly installs: InstallChannel,
  ) {}

  /** Resolves when the run is over, or when something is asked first. */
  async start(plan: PlannedRun): Promise<void> {
    const active = this.runs.in(plan.place);
    if (active) return this.#askToReplace(active, plan);
    this.memory.remember(plan);
    const { run, end } = this.runs.begin(plan.place, plannedText(plan));
    let done: Done | undefined;
    try {
      done = await this.#run(plan, run);
    } finally {
      end(done);
    }
  }

  /** How it ended; undefined when it never started. The user has been told. */
  async #run(plan: PlannedRun, run: WindowRun): Promise<Done | undefined> {
    const out = this.outputs.of(plan.place);
    const progress = new StartProgress(() => run.stop.abort());
    out.channel.show(true);
    out.output.begin(`> ${run.text}`);
    try {
      const sandbox = await this.sandboxes.at(plan.place);
      if (!speaks(sandbox, plan)) return this.#otherLanguage(sandbox, plan, out);
      const done = await this.#follow(sandbox, plan, run, out, progress);
      finish(out, l10n.t('{0} after {1}', endText(done), durationText(done.duration_ms)));
      return done;
    } catch (error) {
      finish(out, run.stop.signal.aborted ? l10n.t('Stopped before it started') : failureText(error));
      if (!run.stop.signal.aborted) showFailure(error, () => void this.start(plan));
      return undefined;
    } finally {
      progress.dispose();
    }
  }

  #follow(sandbox: Sandbox, plan: PlannedRun, run: WindowRun, { output }: PlaceOutput, progress: StartProgress): Promise<Done> {
    const notice = (event: Notice) => {
      const line = this.notices.take(sandbox, plan.place, event);
      if (line !== undefined) output.line(line);
    };
    return sandbox.exec({ command: plan.command, cwd: plan.cwd }, {
      signal: run.stop.signal, stdin: plan.stdin, onNotice: notice,
      onProgress: (event) => progress.report(event), onInstall: this.installs.append,
      onStarted: () => {
        progress.dispose();
        this.runs.started(run);
      },
      onOutput: (stream, chunk) => output.write(stream, chunk),
    }).result();
  }

  #otherLanguage(sandbox: Sandbox, plan: PlannedRun, out: PlaceOutput): undefined {
    const language = plan.language!;
    const needed = languageName(language);
    const message = l10n.t('This folder’s sandbox is set up for {0}; {1} needs {2}.', languageName(sandbox.info.language), plan.name, needed);
    finish(out, message);
    const change = l10n.t('Change to {0} and Run', needed);
    void window.showWarningMessage(message, change).then(async (chosen) => {
      if (chosen !== change) return;
      await sandbox.update({ language });
      await this.start(plan);
    }).then(undefined, (error: unknown) => showFailure(error, () => void this.start(plan)));
    return undefined;
  }

  #askToReplace(active: WindowRun, plan: PlannedRun): void {
    const again = l10n.t('Stop and Run Again');
    void window.showWarningMessage(l10n.t('The last run in {0} is not over yet.', placeName(plan.place)), again).then(async (chosen) => {
      if (chosen !== again) return;
      active.stop.abort();
      await active.over;
      await this.start(plan);
    });
  }
}

/** Whether the sandbox's image is for the run's language. An image that the user chose is taken to be. */
function speaks(sandbox: Sandbox, { place, language: needed }: PlannedRun): boolean {
  if (!place.folder || needed === undefined) return true;
  const { language, image } = sandboxSettings(place.folder);
  return language !== undefined || image !== undefined || sandbox.info.language === needed;
}

/** Our last line comes after the program's last character. */
function finish({ output }: PlaceOutput, line: string): void {
  output.endRun();
  output.line(`[${line}]`);
  output.flush();
}
