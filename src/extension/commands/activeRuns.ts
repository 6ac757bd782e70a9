import { commands, window, workspace, type Disposable, type WorkspaceFolder } from 'vscode';

/** A run from its first moment, sync and image included, to its end. */
export interface ActiveRun {
  folder: WorkspaceFolder;
  /** Aborting stops it. */
  stop: AbortController;
  over: Promise<void>;
  end(): void;
}

/** What this window runs, one at a time in a folder. */
export class ActiveRuns implements Disposable {
  readonly #runs = new Map<string, ActiveRun>();

  in(folder: WorkspaceFolder): ActiveRun | undefined {
    return this.#runs.get(folder.uri.toString());
  }

  begin(folder: WorkspaceFolder): ActiveRun {
    const key = folder.uri.toString();
    const { promise, resolve } = Promise.withResolvers<void>();
    const run: ActiveRun = {
      folder, stop: new AbortController(), over: promise,
      end: () => {
        if (this.#runs.get(key) === run) this.#runs.delete(key);
        this.#publish();
        resolve();
      },
    };
    this.#runs.set(key, run);
    this.#publish();
    return run;
  }

  /** The run that a Stop is meant for: that of the active editor's folder, else the latest. */
  get current(): ActiveRun | undefined {
    const document = window.activeTextEditor?.document.uri;
    const folder = document && workspace.getWorkspaceFolder(document);
    return (folder && this.in(folder)) ?? [...this.#runs.values()].at(-1);
  }

  dispose(): void {
    for (const run of this.#runs.values()) run.stop.abort();
  }

  #publish(): void {
    void commands.executeCommand('setContext', 'jhansi.running', this.#runs.size > 0);
  }
}
