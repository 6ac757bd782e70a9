import { commands, l10n, window } from 'vscode';
import type { Done, Notice } from '../../protocol/run';
import { PetriClientError } from '../../sdk/typescript/errors';
import type { Petri } from '../../sdk/typescript/petri';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import { failureText, showFailure } from '../failures';
import type { FolderSandboxes } from '../folderSandboxes';
import type { Notices } from '../notices/notices';
import type { InstallChannel } from '../output/installChannel';
import type { Outputs, PlaceOutput } from '../output/outputs';
import { overText } from '../output/runText';
import { StartProgress } from '../output/startProgress';
import { sandboxSettings } from '../settings';
import { languageName } from './commandFor';
import { placeName, type Place } from './place';
import { plannedText, type PlannedRun } from './plannedRun';
import type { OpenRun, RunMemory } from './runMemory';
import type { WindowRun, WindowRuns } from './windowRuns';

/** Of what a run wrote before this window was opened. */
const RESUMED_BYTES = 1024 * 1024;

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
      this.#over(plan.place, run.text, out, done);
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
    // Closing the window ends nothing that has started, unless no folder would lead back to it.
    const onDisconnect = plan.place.folder ? 'continue-once-started' : 'cancel';
    return sandbox.exec({ command: plan.command, cwd: plan.cwd, on_disconnect: onDisconnect }, {
      signal: run.stop.signal, stdin: plan.stdin, onNotice: notice,
      onProgress: (event) => progress.report(event), onInstall: this.installs.append,
      onStarted: ({ run_id: id }) => {
        progress.dispose();
        this.runs.started(run);
        if (plan.place.folder) this.memory.setOpen(plan.place, { id, text: run.text });
      },
      onOutput: (stream, chunk) => output.write(stream, chunk),
    }).result();
  }

  /** Goes on showing a run that an earlier window has left, or tells how it ended. Rejects PetriClientError. */
  async resume(petri: Petri, place: Place, { id, text }: OpenRun): Promise<void> {
    const record = await petri.run(id).catch((error: unknown) => {
      if (error instanceof PetriClientError && error.code === 'not-found') return undefined;
      throw error;
    });
    if (!record) return this.memory.setOpen(place, undefined);
    if (this.runs.in(place)) return;
    const out = this.outputs.of(place);
    const { run, end } = this.runs.begin(place, text);
    this.runs.started(run);
    run.stop.signal.addEventListener('abort', () => void petri.cancelRun(id).catch(() => undefined), { once: true });
    let done: Done | undefined;
    try {
      out.output.begin(`> ${text}`);
      out.output.line(`[${l10n.t('Started {0}, in an earlier window', new Date(record.started_at).toLocaleString())}]`);
      done = await petri.follow(id, { from: -RESUMED_BYTES, onOutput: (stream, chunk) => out.output.write(stream, chunk) });
      this.#over(place, text, out, done);
    } catch (error) {
      finish(out, failureText(error));
      throw error;
    } finally {
      end(done);
    }
  }

  #over(place: Place, text: string, out: PlaceOutput, done: Done): void {
    this.memory.setOpen(place, undefined);
    const hidden = finish(out, overText(done));
    if (hidden === 0) return;
    const open = l10n.t('Open Full Log');
    void window.showInformationMessage(l10n.t('{0} wrote more than its channel shows.', text), open).then((chosen) => {
      if (chosen === open) return commands.executeCommand('jhansi.openRunLog', { runId: done.run_id });
    });
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

/** Our last line comes after the program's last character. Answers how many bytes were not shown. */
function finish({ output }: PlaceOutput, line: string): number {
  const hidden = output.endRun();
  output.line(`[${line}]`);
  output.flush();
  return hidden;
}
