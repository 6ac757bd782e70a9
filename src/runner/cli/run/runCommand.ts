import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../../../protocol/sandbox';
import type { Done } from '../../../protocol/run';
import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Petri } from '../../../sdk/typescript/petri';
import type { RunHandle } from '../../../sdk/typescript/runHandle';
import type { Cli } from '../cli';
import { Interrupts, unlessAborted } from '../terminal/interrupts';
import { ProgressView } from '../terminal/progressView';
import { usableStdin } from '../terminal/stdin';
import { OWN_FAILURE, exitCodeOf } from './exitCode';
import { folderSandbox, type FolderChoice } from './folderSandbox';
import { missingLine } from './missingLine';
import { jsonErrorLine, jsonLine } from './jsonEvents';

/** What `petri run` was asked for. */
export interface RunRequest extends FolderChoice {
  folder: string;
  command: string[];
  cwd: string;
  env: Record<string, string>;
  limits: Partial<Limits>;
  stdin: boolean;
  loudness: 'quiet' | 'normal' | 'verbose';
  /** Events as JSON lines on stdout instead of the program's bytes. */
  json: boolean;
}

/** 128 + SIGPIPE: what a local program ends with whose reader has left. */
const READER_LEFT = 141;
/** A reader that left waits for nothing: the run gets so long to end before we hang up, which ends it too. */
const LEAVE_AFTER_MS = 2_000;

/** One run from the terminal: its bytes, and nothing of ours among them. Answers the exit code. */
export class RunCommand {
  readonly #view: ProgressView;
  readonly #interrupts: Interrupts;
  readonly #readerLeft = new AbortController();

  constructor(private readonly cli: Cli, private readonly request: RunRequest) {
    const { terminal } = cli;
    this.#view = new ProgressView(terminal, request.json ? 'quiet' : request.loudness);
    this.#interrupts = new Interrupts(() => {
      this.#view.clear();
      if (!request.json) terminal.say('cancelling the run; once more to stop waiting.');
    });
    for (const sink of [terminal.out, terminal.err]) sink.onBroken(() => this.#readerLeft.abort());
  }

  async run(): Promise<number> {
    try {
      return await this.cli.withPetri(this.#view, (petri) => this.#runWith(petri));
    } catch (error) {
      return this.#failed(error);
    } finally {
      this.#interrupts.dispose();
      // Whatever else was typed or piped is not ours; an open stdin would keep this process.
      process.stdin.destroy();
    }
  }

  async #runWith(petri: Petri): Promise<number> {
    const { folder, command, cwd, env, limits } = this.request;
    const sandbox = await unlessAborted(folderSandbox(petri, folder, this.request), this.#interrupts.wanted);
    if (!sandbox) return this.#interrupts.exitCode!;
    const handle = sandbox.exec({ command, cwd, env, limits }, {
      signal: AbortSignal.any([this.#interrupts.wanted, this.#readerLeft.signal]),
      stdin: this.request.stdin ? usableStdin() : undefined,
    });
    const done = await unlessAborted(this.#follow(handle), AbortSignal.any([this.#interrupts.insisted, this.#leaveSignal()]));
    return this.#outcome(done);
  }

  /** Aborted some time after the reader left. */
  #leaveSignal(): AbortSignal {
    const leave = new AbortController();
    this.#readerLeft.signal.addEventListener('abort', () => {
      void sleep(LEAVE_AFTER_MS, undefined, { ref: false }).then(() => leave.abort());
    }, { once: true });
    return leave.signal;
  }

  async #follow(handle: RunHandle): Promise<Done> {
    const { terminal } = this.cli;
    for await (const event of handle) {
      if (event.event === 'started') this.#view.clear();
      if (this.request.json) await terminal.out.write(jsonLine(event));
      else if (event.event === 'output') await (event.stream === 'stdout' ? terminal.out : terminal.err).write(event.chunk);
      else if (event.event === 'progress') this.#view.show(event.data);
      else if (event.event === 'notice') this.#view.notice(event.data);
    }
    return handle.result();
  }

  /** @param done undefined when its end was not waited for. */
  #outcome(done: Done | undefined): number {
    const { terminal } = this.cli;
    this.cli.abandoned = done === undefined;
    const byUser = this.#interrupts.exitCode;
    const broken = terminal.out.broken ?? terminal.err.broken;
    if (broken && broken.code !== 'EPIPE') {
      terminal.say(`the output could not be written (${broken.message}); the run was cancelled.`);
      return OWN_FAILURE;
    }
    if (broken) return READER_LEFT;
    if (!done || (done.reason === 'cancelled' && byUser !== undefined)) return byUser ?? OWN_FAILURE;
    if (!this.request.json) {
      if (done.error !== null) terminal.say(done.error);
      else if (done.reason !== 'exited') terminal.say(`the run ended: ${done.reason}.`);
      const missing = missingLine(done.missing, this.request.folder);
      if (missing !== undefined && this.request.loudness !== 'quiet') terminal.say(missing);
    }
    return exitCodeOf(done);
  }

  #failed(error: unknown): number {
    const { terminal } = this.cli;
    this.#view.clear();
    if (error instanceof PetriClientError && error.code === 'cancelled') {
      if (this.#readerLeft.signal.aborted) return READER_LEFT;
      if (this.#interrupts.exitCode !== undefined) return this.#interrupts.exitCode;
    }
    if (this.request.json && error instanceof PetriClientError) void terminal.out.write(jsonErrorLine(error));
    else terminal.complain(error);
    return OWN_FAILURE;
  }
}
