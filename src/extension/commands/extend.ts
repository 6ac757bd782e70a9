import { l10n, window } from 'vscode';
import type { Front } from '../front';
import { chosenSandbox } from './target';

const SHOWN_MS = 5000;

/** Its time to live starts again; a deletion that was announced is off. */
export async function extend({ runner, sandboxes }: Front, given: unknown): Promise<void> {
  const chosen = await chosenSandbox(runner, sandboxes, given);
  if (!chosen) return;
  const { expires_at: expires } = await chosen.sandbox.extend();
  const until = expires === null ? undefined : new Date(expires).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const text = until === undefined ? l10n.t('The sandbox of {0} is kept', chosen.name) : l10n.t('The sandbox of {0} stays ready until {1}', chosen.name, until);
  window.setStatusBarMessage(`$(clock) ${text}`, SHOWN_MS);
}
