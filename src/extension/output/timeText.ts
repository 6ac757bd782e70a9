import { l10n } from 'vscode';

/** `58m`, `1h 05m`, `2d 3h`: as short as the status bar wants it. */
export function minutesText(minutes: number): string {
  if (minutes < 60) return l10n.t('{0}m', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? l10n.t('{0}h', hours) : l10n.t('{0}h {1}m', hours, String(minutes % 60).padStart(2, '0'));
  return l10n.t('{0}d', Math.round(hours / 24));
}

/** `just now`, `5m ago`. */
export function agoText(moment: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(moment)) / 60_000);
  return minutes < 1 ? l10n.t('just now') : l10n.t('{0} ago', minutesText(minutes));
}

/** The time of day when a moment comes. */
export function clockText(moment: string): string {
  return new Date(moment).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
