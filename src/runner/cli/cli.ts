import { Petri } from '../../sdk/typescript/petri';
import { ProgressView } from './terminal/progressView';
import type { Terminal } from './terminal/terminal';

/** Which Petri this command line is. */
export interface Self {
  /** `1.2.3`. */
  version: string;
  /** The bundle that a runner is started from. */
  entry: string;
}

/** What every command is given. */
export class Cli {
  /** What the process ends with: 0 done, 1 not done, 2 asked wrongly. Commands with codes of their own say so. */
  exitCode = 0;
  /** Nobody waits any more for what was written: not to be flushed. */
  abandoned = false;

  constructor(readonly terminal: Terminal, readonly self: Self, readonly env: NodeJS.ProcessEnv) {}

  /** Does something with the user's runner, started if need be, and hangs up. */
  async withPetri<T>(view: ProgressView, work: (petri: Petri) => Promise<T>): Promise<T> {
    const petri = await Petri.connect({ ...this.self, env: this.env, client: 'cli', onProgress: (message) => view.message(message) });
    try {
      return await work(petri);
    } finally {
      view.clear();
      petri.close();
    }
  }

  /** The runner that is there; undefined when there is none. */
  find(): Promise<Petri | undefined> {
    return Petri.find({ env: this.env, client: 'cli' });
  }

  /** What most commands show while they wait. */
  view(): ProgressView {
    return new ProgressView(this.terminal, 'normal');
  }
}
