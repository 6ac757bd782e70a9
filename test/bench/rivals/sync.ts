import type { Stage } from '../stage';

/** Ways of bringing a folder into a running container, as whole processes: `from` on the host, `to` in the container. */
export type Copy = (stage: Stage, from: string, container: string, to: string) => Promise<unknown>;

/** tar on both sides, no compression: a pipe is faster than any. */
export const tarPipe: Copy = (stage, from, container, to) => shell(stage, 'tar -C "$1" -cf - . | docker exec -i "$2" tar -C "$3" -xf -', from, container, to);

/** The same into a container made for it. */
export const tarIntoRun = (stage: Stage, from: string, image: string, volume: string) =>
  shell(stage, 'tar -C "$1" -cf - . | docker run --rm -i --network none -v "$3:/work" "$2" tar -C /work -xf -', from, image, volume);

export const dockerCp: Copy = (stage, from, container, to) => stage.docker('cp', `${from}/.`, `${container}:${to}`);

/** Owners are left out: both sides belong to one user. Time stamps to the nanosecond: by the second, an edit soon after a sync is missed. */
export const rsync = (...flags: string[]): Copy => (stage, from, container, to) =>
  stage.run(['rsync', '-rlptD', '--delete', '--modify-window=-1', ...flags, '-e', 'docker exec -i', `${from}/`, `${container}:${to}/`]);

function shell(stage: Stage, script: string, ...args: string[]): Promise<unknown> {
  return stage.run(['bash', '-o', 'pipefail', '-c', script, 'bash', ...args]);
}
