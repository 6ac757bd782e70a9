import { commands, Disposable } from 'vscode';
import { showFailure } from '../failures';
import type { Front } from '../front';
import { addMissing } from '../missing/addMissing';
import { showSbom } from '../sbom/showSbom';
import { openTerminal } from '../terminals/sandboxTerminals';
import { openRunLog, type RunRow } from '../views/runLog';
import { allowHeldBack } from './allowHeldBack';
import { showActions } from './actions';
import { applyChange, openChange } from './changes';
import { cleanUp } from './cleanUp';
import { extend } from './extend';
import { deleteSandbox, resetSandbox } from './removal';
import { ReviewChanges } from './reviewChanges';
import { runCommand } from './runCommand';
import { runAgain, runInSandbox } from './runInSandbox';
import { stop, stopRun } from './stop';
import { SyncNow } from './syncNow';

/** A command; `given` is what it was called on, if anything: a file, a row of the view. */
type Handler = (given?: unknown) => unknown;

/** Every command of ours, a line each. A row of the view that is clicked while it is redrawn arrives as nothing. package.json names the same ones. */
function table(front: Front): Record<string, Handler> {
  const reviewing = new ReviewChanges(front);
  const syncing = new SyncNow(front);
  return {
    'jhansi.runInSandbox': (given) => runInSandbox(front, given),
    'jhansi.runCommand': (given) => runCommand(front, given),
    'jhansi.runAgain': () => runAgain(front),
    'jhansi.stop': () => stop(front),
    'jhansi.openTerminal': (given) => openTerminal(front, given),
    'jhansi.syncNow': (given) => syncing.sync(given),
    'jhansi.reviewChanges': (given) => reviewing.review(given),
    'jhansi.openChange': (given) => (given ? openChange(front, given) : reviewing.review()),
    'jhansi.applyChange': (given) => (given ? applyChange(front, given) : reviewing.review()),
    'jhansi.openRunLog': (given) => given && openRunLog(front.runner, given as RunRow),
    'jhansi.showSbom': (given) => showSbom(front, given),
    'jhansi.addMissing': (given) => addMissing(front, front.missing, given),
    'jhansi.stopRun': (given) => stopRun(front, given as RunRow | undefined),
    'jhansi.allowHeldBack': (given) => allowHeldBack(front, given),
    'jhansi.extend': (given) => extend(front, given),
    'jhansi.reset': (given) => resetSandbox(front, given),
    'jhansi.delete': (given) => deleteSandbox(front, given),
    'jhansi.cleanUp': () => cleanUp(front),
    'jhansi.checkEngine': () => front.view.checkEngine(),
    'jhansi.showActions': () => showActions(front),
    'jhansi.showOutput': () => front.outputs.show(),
    'jhansi.showLog': () => front.log.show(true),
  };
}

/** A command that fails says so, with a way to try again. */
export function registerCommands(front: Front): Disposable {
  return Disposable.from(...Object.entries(table(front)).map(([id, handler]) => {
    const run = async (given?: unknown): Promise<void> => {
      try {
        await handler(given);
      } catch (error) {
        front.log.error(`${id}: ${error instanceof Error ? error.stack : String(error)}`);
        showFailure(error, () => void run(given));
      }
    };
    return commands.registerCommand(id, run);
  }));
}
