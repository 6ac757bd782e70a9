import { l10n, window, workspace, type Disposable } from 'vscode';
import { showFailure } from './failures';
import type { RunnerClient } from './runnerClient';

const KEY = 'jhansi.sandbox.engine';

/** What a runner that this window starts finds in its environment: the user's choice of an engine, if there is one. */
export function runnerEnvironment(): Record<string, string | undefined> {
  const engine = workspace.getConfiguration().get<string>(KEY, '').trim();
  return engine === '' ? process.env : { ...process.env, PETRI_ENGINE: engine };
}

/** A runner keeps the engine it was started with: after a change it is offered to start it anew. */
export function watchEngineSetting(runner: RunnerClient): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(KEY) || !runner.used) return;
    const restart = l10n.t('Restart Petri');
    void window.showInformationMessage(l10n.t('The engine is another one once Petri is started anew.'), restart).then(async (chosen) => {
      if (chosen === restart) await runner.restart();
    }).then(undefined, (error: unknown) => showFailure(error, () => {}));
  });
}
