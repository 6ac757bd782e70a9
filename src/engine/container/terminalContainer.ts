import type { TerminalParsed, TerminalSize } from '../../protocol/run';
import { PetriError } from '../errors';
import type { Clock } from '../ports/clock';
import type { Attachment, ContainerEngine } from '../ports/containerEngine';
import type { RunContainer, Stdin } from './runContainer';
import { exportLine, shellWords } from './shellQuote';

/** What comes before the shell's first byte; see src/inside/terminal.sh. */
const READY = /^[^]*?\0petri (\w+)\n/;
const LONGEST_GREETING = 4096;
const READY_MS = 30_000;

/** What a program may count on where the client says nothing else. Every terminal of today shows as much. */
const ENVIRONMENT = { TERM: 'xterm-256color' };

/** A container at a terminal, in which nothing of the user's runs until `start`. */
export class TerminalContainer implements RunContainer, Stdin {
  private constructor(
    readonly name: string, readonly id: string, readonly imageId: string, readonly runtime: string, readonly setId: string | undefined,
    /** What runs when no command is given. */
    readonly shell: string,
    private readonly attachment: Attachment, private readonly engine: ContainerEngine,
  ) {}

  /** Waits for a container that was just started. Rejects engine-failed when it ends or stays silent. */
  static async ready(container: RunContainer, attachment: Attachment, engine: ContainerEngine, clock: Clock): Promise<TerminalContainer> {
    const shell = await greeting(attachment, clock);
    return new TerminalContainer(container.name, container.id, container.imageId, container.runtime, container.setId, shell, attachment, engine);
  }

  /** `consume` gets the terminal's bytes; a returned promise is back-pressure. `ended` settles when the terminal is gone. */
  async start({ command = [], cwd, env, columns, rows, path }: TerminalParsed & { path?: string | undefined }, consume: (stream: 'stdout', chunk: Buffer) => void | Promise<void>): Promise<{ ended: Promise<undefined> }> {
    await this.resize({ columns, rows });
    this.attachment.onOutput((_, chunk) => consume('stdout', chunk));
    const argv = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
    await this.attachment.write(Buffer.from(`${exportLine({ ...ENVIRONMENT, ...env }, path)}terminal ${shellWords([cwd, ...argv])}\n`));
    return { ended: this.attachment.closed.then(() => undefined) };
  }

  resize({ columns, rows }: TerminalSize): Promise<void> {
    return this.engine.resizeTty(this.id, columns, rows);
  }

  writeInput(chunk: Uint8Array): Promise<void> {
    // It may end at any moment, and a key that comes too late is no failure.
    return this.attachment.write(chunk).catch(() => undefined);
  }

  /** A terminal's input has no end; what ends a shell is a key. */
  endInput(): void {}

  destroy(): void {
    this.attachment.destroy();
  }
}

function greeting(attachment: Attachment, clock: Clock): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => reject(new PetriError('engine-failed', `The container for the terminal ${why}.`, { action: 'Try again; reset the sandbox if it stays so.' }));
    const stop = clock.after(READY_MS, () => fail('did not answer'));
    void attachment.closed.then(() => fail('ended by itself')).finally(stop);
    attachment.onOutput((_, chunk) => {
      said += chunk.toString('latin1');
      const shell = READY.exec(said)?.[1];
      if (shell) resolve(shell);
      else if (said.length > LONGEST_GREETING) fail('answered something else');
      if (shell) stop();
    });
  });
}
