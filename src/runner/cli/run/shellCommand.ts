import { PetriClientError } from '../../../sdk/typescript/errors';
import type { Petri } from '../../../sdk/typescript/petri';
import type { TerminalHandle } from '../../../sdk/typescript/terminalHandle';
import type { Cli } from '../cli';
import { Interrupts, unlessAborted } from '../terminal/interrupts';
import type { ProgressView } from '../terminal/progressView';
import { RawTerminal } from '../terminal/rawTerminal';
import { OWN_FAILURE, exitCodeOf } from './exitCode';
import { folderSandbox, type FolderChoice } from './folderSandbox';

/** What `petri shell` was asked for. */
export interface ShellRequest extends FolderChoice {
  folder: string;
  command: string[] | undefined;
  cwd: string;
  env: Record<string, string>;
}

/** What of this terminal the programs in the other one should know. */
const PASSED_ON = ['TERM', 'COLORTERM'];

/** This terminal, connected to one in the sandbox. Answers the exit code. */
export class ShellCommand {
  readonly #view: ProgressView;
  /** Until the terminal is raw, Ctrl-C is ours; from then on these are signals that somebody sent. */
  readonly #interrupts = new Interrupts();

  constructor(private readonly cli: Cli, private readonly request: ShellRequest) {
    this.#view = cli.view();
  }

  async run(): Promise<number> {
    const { terminal } = this.cli;
    try {
      if (!process.stdin.isTTY || !terminal.out.isTty) {
        throw new PetriClientError('bad-request', 'There is no terminal here to open another one in.', { action: 'petri run passes input and output through without one.' });
      }
      return await this.cli.withPetri(this.#view, (petri) => this.#runWith(petri));
    } catch (error) {
      this.#view.clear();
      if (this.#interrupts.exitCode !== undefined && error instanceof PetriClientError && error.code === 'cancelled') return this.#interrupts.exitCode;
      terminal.complain(error);
      return OWN_FAILURE;
    } finally {
      this.#interrupts.dispose();
      process.stdin.destroy();
    }
  }

  async #runWith(petri: Petri): Promise<number> {
    const { folder, command, cwd, env } = this.request;
    const { terminal } = this.cli;
    const sandbox = await unlessAborted(folderSandbox(petri, folder, this.request), this.#interrupts.wanted);
    if (!sandbox) return this.#interrupts.exitCode!;
    const here = new RawTerminal();
    const own = Object.fromEntries(PASSED_ON.flatMap((name) => (this.cli.env[name] ? [[name, this.cli.env[name]]] : [])));
    const handle: TerminalHandle = sandbox.terminal({ command, cwd, env: { ...own, ...env }, ...here.size }, {
      signal: this.#interrupts.wanted,
      onProgress: (progress) => this.#view.show(progress),
      onNotice: (notice) => this.#view.notice(notice),
      onStarted: () => {
        this.#view.clear();
        here.connect(handle);
      },
      onOutput: (chunk) => terminal.out.write(chunk),
    });
    // Whoever looks at it has gone, and so has the terminal.
    terminal.out.onBroken(() => void handle.close().catch(() => undefined));
    try {
      const done = await unlessAborted(handle.result(), this.#interrupts.insisted);
      if (!done || done.reason === 'cancelled') return this.#interrupts.exitCode ?? OWN_FAILURE;
      here.restore();
      if (done.error !== null && done.reason !== 'killed') terminal.say(done.error);
      return exitCodeOf(done);
    } finally {
      here.restore();
    }
  }
}
