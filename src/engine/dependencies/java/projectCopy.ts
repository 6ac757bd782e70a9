import { shellQuote } from '../../container/shellQuote';
import { SCRATCH } from '../adapter';

/** A copy of the workspace's project that an install may write to. */
export const PROJECT = `${SCRATCH}/project`;
/** Below /sandbox/deps: the manifests as they were planned. */
export const PLANNED = 'scratch/planned';

export function projectFolder(root: string): string {
  return shellQuote(root === '' ? PROJECT : `${PROJECT}/${root}`);
}

/** Shell lines that make it, with the planned manifests in place of what a run has made of them. `without`: folders, as `find` names them. */
export function copyProject(root: string, without: string): string {
  const from = shellQuote(root === '' ? '/sandbox/workspace' : `/sandbox/workspace/${root}`);
  const to = projectFolder(root);
  return `mkdir -p ${to}
cd ${from}
own() { find . -type d \\( ${without} \\) -prune -o -type f "$@"; }
own -size -1025k -print0 | tar -cf - --null -T - | tar -xf - --no-same-permissions -C ${to}
# What is big is read where it lies.
own -size +1024k -print | while IFS= read -r file; do mkdir -p ${to}/"\${file%/*}"; ln -sf ${from}/"\${file#./}" ${to}/"$file"; done
cp -R /sandbox/deps/${PLANNED}/. ${PROJECT}/`;
}
