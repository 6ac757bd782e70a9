import { EventEmitter, l10n, type Pseudoterminal, type TerminalDimensions } from 'vscode';
import type { Done, Notice } from '../../protocol/run';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { TerminalHandle } from '../../sdk/typescript/terminalHandle';
import { failureText } from '../failures';
import { endText } from '../output/runText';
import { Paced } from './paced';

/** What a terminal is to run, and where. */
export interface PtyRequest {
  /** Answers the sandbox, creating it on first use. */
  sandbox(): Promise<Sandbox>;
  /** Without: a shell. */
  command?: string | string[];
  cwd?: string;
  env?: Record<string, string>;
  /** The line for what the runner has to say; undefined when it was said before. */
  noticeLine(sandbox: Sandbox, notice: Notice): string | undefined;
  /** A terminal that cannot be opened stays, with the reason, until a key is pressed; a task's is kept by VS Code. */
  keepFailure: boolean;
}

/** What VS Code's terminals show; programs need not guess. */
const ENVIRONMENT = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };
const USUAL: TerminalDimensions = { columns: 80, rows: 24 };
/** Neither the program's code nor one that a shell gives. */
const OWN_FAILURE = 125;
const CLEAR_LINE = '\r\x1b[K';

/** A terminal of VS Code's, connected to one in a sandbox. Closing it ends everything in there. */
export class SandboxPty implements Pseudoterminal {
  readonly #write = new EventEmitter<string>();
  readonly #close = new EventEmitter<number>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly #hangUp = new AbortController();
  readonly #paced = new Paced((text) => this.#write.fire(text));
  /** Typed before there was anything to type into. */
  #early: string[] = [];
  #size = USUAL;
  #handle: TerminalHandle | undefined;
  #failed = false;

  constructor(private readonly request: PtyRequest) {}

  open(size: TerminalDimensions | undefined): void {
    this.#size = size ?? USUAL;
    void this.#run();
  }

  close(): void {
    this.#hangUp.abort();
  }

  handleInput(keys: string): void {
    if (this.#failed) this.#close.fire(OWN_FAILURE);
    else if (this.#handle) this.#handle.write(keys);
    else if (keys === '\x03') this.#stop();
    else this.#early.push(keys);
  }

  setDimensions({ columns, rows }: TerminalDimensions): void {
    this.#size = { columns, rows };
    this.#handle?.resize({ columns, rows });
  }

  async #run(): Promise<void> {
    this.#status(l10n.t('Getting the sandbox ready…'));
    try {
      const sandbox = await this.request.sandbox();
      if (this.#hangUp.signal.aborted) return;
      const done = await this.#follow(sandbox);
      this.#paced.flush();
      if (done.reason !== 'exited' && done.reason !== 'cancelled') this.#line(endText(done));
      this.#close.fire(done.exit_code ?? OWN_FAILURE);
    } catch (error) {
      this.#paced.flush();
      if (!this.#hangUp.signal.aborted) this.#fail(failureText(error));
    }
  }

  #follow(sandbox: Sandbox): Promise<Done> {
    const { command, cwd = '', env, noticeLine } = this.request;
    const { columns, rows } = this.#size;
    const handle = sandbox.terminal({ command, cwd, env: { ...ENVIRONMENT, ...env }, columns, rows }, {
      signal: this.#hangUp.signal,
      onProgress: ({ message }) => this.#status(message),
      onNotice: (notice) => {
        const line = noticeLine(sandbox, notice);
        if (line !== undefined) this.#line(line);
      },
      onStarted: () => {
        this.#write.fire(CLEAR_LINE);
        this.#handle = handle;
        for (const keys of this.#early.splice(0)) handle.write(keys);
        // It may have changed on the way.
        handle.resize(this.#size);
      },
      onOutput: (chunk) => this.#paced.write(chunk),
    });
    return handle.result();
  }

  /** Ctrl-C while the sandbox is made ready. */
  #stop(): void {
    this.#hangUp.abort();
    this.#fail(l10n.t('Stopped before it started'));
  }

  #fail(text: string): void {
    this.#line(text);
    this.#failed = true;
    if (!this.request.keepFailure) this.#close.fire(OWN_FAILURE);
    else this.#line(l10n.t('Press any key to close the terminal.'));
  }

  /** One faint line, replaced by the next. */
  #status(text: string): void {
    this.#write.fire(`${CLEAR_LINE}\x1b[2m${printable(text)}\x1b[0m`);
  }

  #line(text: string): void {
    this.#write.fire(`${CLEAR_LINE}\x1b[2m${printable(text)}\x1b[0m\r\n`);
  }
}

/** Names of files are part of what we say: none of them moves the cursor. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
