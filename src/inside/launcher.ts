import text from './launcher.sh';

/** The script that every container of ours starts with; see launcher.sh. */
export const launcherText: string = text;
