import { l10n } from 'vscode';
import type { Done } from '../../protocol/run';

/** A command as one would type it. */
export function commandText(command: string | readonly string[]): string {
  if (typeof command === 'string') return command;
  return command.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** How a run ended, without its duration. */
export function endText(done: Done): string {
  if (done.reason === 'exited') return l10n.t('Exited with code {0}', done.exit_code ?? '?');
  if (done.reason === 'cancelled') return l10n.t('Stopped');
  const why = (done.error ?? l10n.t('Ended: {0}', done.reason)).replace(/\.$/, '');
  return done.exit_code === null ? why : l10n.t('{0} (exit code {1})', why, done.exit_code);
}

/** The same with its duration, where somebody has seen the end. */
export function overText(done: Done): string {
  return done.reason === 'unknown' ? endText(done) : l10n.t('{0} after {1}', endText(done), durationText(done.duration_ms));
}

export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return l10n.t('{0} s', seconds.toFixed(seconds < 10 ? 2 : 1));
  return l10n.t('{0} min {1} s', Math.floor(seconds / 60), Math.round(seconds % 60));
}
