import type { EngineInfo } from '../ports/containerEngine';
import { ALLOWED_CALLS } from './seccompCalls';

interface Argument { index: number; op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ'; value: number; valueTwo?: number }
interface Rule { names: readonly string[]; action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO'; errnoRet?: number; args?: Argument[] }

const ENOSYS = 38;
/**
 * CLONE_NEW* but for NEWTIME, whose bit is part of the exit signal here: cgroup, uts, ipc, user, pid, net and mount namespaces.
 * A user namespace hands out capabilities inside itself, and with them most of the kernel that unprivileged code cannot reach.
 */
const NEW_NAMESPACES = 0x7e02_0000;
const AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const PERSONALITIES = {
  linux: 0x0,
  /** A debugger starts its program without address randomisation. */
  noRandomisation: 0x4_0000,
  /** Asks and changes nothing. */
  query: 0xffff_ffff,
};

/** Conditions compare all 64 bits with an allowed value, so bits that the kernel would cut off cannot smuggle a forbidden one past. */
const equals = (index: number, value: number): Argument => ({ index, op: 'SCMP_CMP_EQ', value });
const allow = (name: string, ...args: Argument[]): Rule => ({ names: [name], action: 'SCMP_ACT_ALLOW', args });

const SPECIAL: Rule[] = [
  allow('clone', { index: 0, op: 'SCMP_CMP_MASKED_EQ', value: NEW_NAMESPACES, valueTwo: 0 }),
  // Its flags lie in memory, where no filter can look. "Does not exist" makes every C library fall back to clone.
  { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
  // Not AF_VSOCK (no network namespace holds it: it reaches the hypervisor and its other guests), AF_ALG, AF_PACKET and
  // some forty families that only add kernel code within reach.
  allow('socket', equals(0, AF_UNIX)), allow('socket', equals(0, AF_INET)), allow('socket', equals(0, AF_INET6)),
  // getifaddrs and getaddrinfo list the interfaces through it.
  allow('socket', equals(0, AF_NETLINK), equals(2, NETLINK_ROUTE)),
  allow('socketpair', equals(0, AF_UNIX)),
  ...Object.values(PERSONALITIES).map((value) => allow('personality', equals(0, value))),
];

const ARCHITECTURES = { amd64: 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

/**
 * Our own allow-list for seccomp, as the JSON an engine takes inline: what is not named fails with EPERM. Only the native ABI
 * is listed, so a 32-bit or x32 call, to which no rule applies, ends the program. '' for processors without a list.
 */
export function seccompProfile(architecture: EngineInfo['architecture']): string {
  return architecture === 'other' ? '' : PROFILES[architecture];
}

function profile(architecture: keyof typeof ARCHITECTURES): string {
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: [ARCHITECTURES[architecture]],
    syscalls: [{ names: ALLOWED_CALLS, action: 'SCMP_ACT_ALLOW' }, ...SPECIAL],
  });
}

/** Made once: it is part of every container's pool key. */
const PROFILES = { amd64: profile('amd64'), arm64: profile('arm64') };
