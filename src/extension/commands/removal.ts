import { l10n, window } from 'vscode';
import type { Sandbox } from '../../sdk/typescript/sandbox';
import type { Front } from '../front';
import { chosenSandbox } from './target';

const NAMED = 3;

/** The workspace starts again from the folder; asks first, and says what is lost. */
export async function resetSandbox({ runner, sandboxes }: Front, given: unknown): Promise<void> {
  const chosen = await chosenSandbox(runner, sandboxes, given);
  if (!chosen) return;
  const reset = l10n.t('Reset');
  const detail = [await losses(chosen.sandbox), l10n.t('Caches go too. The next run starts from the files in your folder, which is not touched.')].join(' ');
  const answer = await window.showWarningMessage(l10n.t('Reset the sandbox of {0}?', chosen.name), { modal: true, detail }, reset);
  if (answer !== reset) return;
  await chosen.sandbox.reset();
  void window.showInformationMessage(l10n.t('The sandbox of {0} was reset.', chosen.name));
}

/** With its runs and their logs; asks first, and says what is lost. */
export async function deleteSandbox({ runner, sandboxes }: Front, given: unknown): Promise<void> {
  const chosen = await chosenSandbox(runner, sandboxes, given);
  if (!chosen) return;
  const remove = l10n.t('Delete');
  const detail = [await losses(chosen.sandbox), l10n.t('Its runs, their logs and its caches go too. Your folder is not touched.')].join(' ');
  const answer = await window.showWarningMessage(l10n.t('Delete the sandbox of {0}?', chosen.name), { modal: true, detail }, remove);
  if (answer !== remove) return;
  await chosen.sandbox.delete();
  void window.showInformationMessage(l10n.t('The sandbox of {0} was deleted.', chosen.name));
}

/** What runs made that the folder does not have, as far as it is known without waking the sandbox. */
async function losses(sandbox: Sandbox): Promise<string> {
  const { changes } = await sandbox.changes({ known: true });
  if (changes.length === 0) return l10n.t('No run changed anything that your folder does not have.');
  const named = changes.slice(0, NAMED).map(({ path }) => path).join(', ');
  const more = changes.length - NAMED;
  const files = more > 0 ? l10n.t('{0} and {1} more', named, more) : named;
  return l10n.t('What runs changed and your folder does not have is lost: {0}.', files);
}
