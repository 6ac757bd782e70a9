import launcher from './launcher.sh';
import terminal from './terminal.sh';

/** The script that every container of ours starts with; see launcher.sh. */
export const launcherText: string = launcher;
/** Its counterpart for a container with a terminal; see terminal.sh. */
export const terminalText: string = terminal;
