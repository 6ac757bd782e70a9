import type { EngineInfo } from '../ports/containerEngine';

const LIMITS = {
  memory: 'The engine cannot limit memory: a sandbox can use all of the machine\'s.',
  swap: 'The engine cannot limit swap: a sandbox can push up to its memory limit again into the machine\'s swap.',
  cpus: 'The engine cannot limit processor time: a sandbox can use every core.',
  pids: 'The engine cannot limit the number of processes: a fork bomb reaches the whole machine.',
};

/** What of the container table this engine cannot give, as sentences for the user and the record. Empty: all of it. */
export function weaknesses(info: EngineInfo): string[] {
  const found = (info.lacks ?? []).map((limit) => LIMITS[limit]);
  if (!info.seccomp) found.push('The engine runs without seccomp: every system call of the kernel is within a sandbox\'s reach.');
  else if (info.takesProfile === false) {
    found.push('This Podman runs on another machine and takes no system call list from here: its own default list applies, which lets more through.');
  } else if (info.architecture === 'other') {
    found.push('There is no system call list of ours for this processor: the engine\'s default list applies, which lets more through.');
  }
  if (info.name === 'podman') {
    found.push('Podman cannot cut a network off from its own machine: dependencies are not installed on it.');
    found.push('Podman shows a sandbox without network the address of this machine\'s name server; it can be read there, not reached.');
  }
  return found;
}
