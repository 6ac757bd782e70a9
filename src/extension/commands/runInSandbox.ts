import { l10n, window, type OutputChannel } from 'vscode';
import type { Done, Notice } from '../../protocol/run';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { FolderSandboxes } from '../folderSandboxes';
import type { ProgramOutput } from '../output/programOutput';
import { commandText, durationText, endText } from '../output/runText';
import { StartProgress } from '../output/startProgress';
import { sandboxSettings } from '../settings';
import type { RunStatus } from '../status/runStatus';
import { activeFile, type ActiveFile } from './activeFile';
import type { ActiveRun, ActiveRuns } from './activeRuns';
import { languageName } from './commandFor';
import { failureText, showFailure } from './failures';
import { NoticeLines } from './noticeLines';

/** The main job: the active file, in its folder's sandbox, its output in the channel. */
export class RunInSandbox {
  readonly #notices = new NoticeLines();

  constructor(
    private readonly sandboxes: FolderSandboxes,
    private readonly active: ActiveRuns,
    private readonly channel: OutputChannel,
    private readonly output: ProgramOutput,
    private readonly status: RunStatus,
  ) {}

  /** Resolves when the run is over. */
  readonly run = async (): Promise<void> => {
    const file = await activeFile();
    if (!file) return;
    const running = this.active.in(file.folder);
    if (running) return this.#askToReplace(running, file);
    const run = this.active.begin(file.folder);
    try {
      await this.#runFile(file, run);
    } finally {
      run.end();
    }
  };

  async #runFile(file: ActiveFile, run: ActiveRun): Promise<void> {
    const text = commandText(file.command.argv);
    const progress = new StartProgress(() => run.stop.abort());
    this.channel.show(true);
    this.output.line(`> ${text}`);
    this.status.starting(text);
    try {
      const sandbox = await this.sandboxes.of(file.folder);
      const done = this.#speaks(sandbox, file) ? await this.#follow(sandbox, file, run.stop.signal, progress) : undefined;
      if (done === undefined) return this.#offerLanguage(sandbox, file, text);
      this.#end(`[${l10n.t('{0} after {1}', endText(done), durationText(done.duration_ms))}]`);
      this.status.ended(text, done);
    } catch (error) {
      this.#end(`[${run.stop.signal.aborted ? l10n.t('Stopped before it started') : failureText(error)}]`);
      this.status.failed(text);
      if (!run.stop.signal.aborted) showFailure(error, () => void this.run());
    } finally {
      progress.dispose();
    }
  }

  #follow(sandbox: Sandbox, file: ActiveFile, signal: AbortSignal, progress: StartProgress): Promise<Done> {
    const { argv, cwd } = file.command;
    return sandbox.exec({ command: argv, cwd }, {
      signal,
      onProgress: (event) => progress.report(event),
      onNotice: (notice) => this.#notice(sandbox.id, notice),
      onStarted: () => {
        progress.dispose();
        this.status.running(commandText(argv));
      },
      onOutput: (stream, chunk) => this.output.write(stream, chunk),
    }).result();
  }

  #notice(sandboxId: string, notice: Notice): void {
    const line = this.#notices.lineFor(sandboxId, notice);
    if (line !== undefined) this.output.line(line);
  }

  /** Our last line comes after the program's last character. */
  #end(line: string): void {
    this.output.endRun();
    this.output.line(line);
    this.output.line('');
    this.output.flush();
  }

  /** Whether the sandbox's image is for the file's language. An image that the user chose is taken to be. */
  #speaks(sandbox: Sandbox, file: ActiveFile): boolean {
    const { language, image } = sandboxSettings(file.folder);
    return language !== undefined || image !== undefined || sandbox.info.language === file.command.language;
  }

  #offerLanguage(sandbox: Sandbox, file: ActiveFile, text: string): void {
    const { language } = file.command;
    const needed = languageName(language);
    const message = l10n.t('This folder’s sandbox is set up for {0}; {1} needs {2}.', languageName(sandbox.info.language), file.name, needed);
    this.#end(`[${message}]`);
    this.status.failed(text);
    const change = l10n.t('Change to {0} and Run', needed);
    void window.showWarningMessage(message, change).then(async (chosen) => {
      if (chosen !== change) return;
      await sandbox.update({ language });
      await this.run();
    }).then(undefined, (error: unknown) => showFailure(error, () => void this.run()));
  }

  #askToReplace(running: ActiveRun, file: ActiveFile): void {
    const again = l10n.t('Stop and Run Again');
    void window.showWarningMessage(l10n.t('The last run in {0} is not over yet.', file.folder.name), again).then(async (chosen) => {
      if (chosen !== again) return;
      running.stop.abort();
      await running.over;
      await this.run();
    });
  }
}
