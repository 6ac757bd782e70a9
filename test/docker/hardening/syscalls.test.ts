import assert from 'node:assert/strict';
import type { ContainerSpec } from '../../../src/engine/ports/containerEngine';
import { Rig } from './rig';

/** x86-64 numbers and arguments. Arguments are such that the kernel itself would do no harm, and would not say EPERM. */
interface Probe { name: string; call: Array<number | string> }

const NEW_NAMESPACES = { NEWNS: 0x20000, NEWCGROUP: 0x2000000, NEWUTS: 0x4000000, NEWIPC: 0x8000000, NEWUSER: 0x10000000, NEWPID: 0x20000000, NEWNET: 0x40000000 };
/** Threads without shared signal handlers: an invalid combination, refused before any namespace is made. */
const CLONE_THREAD = 0x10000;
const SOCKET = 41;

const FORBIDDEN: Probe[] = [
  { name: 'AF_VSOCK', call: [SOCKET, 40, 1, 0] },
  { name: 'AF_ALG', call: [SOCKET, 38, 5, 0] },
  { name: 'AF_TIPC', call: [SOCKET, 30, 5, 0] },
  { name: 'AF_CAN', call: [SOCKET, 29, 3, 1] },
  ...Object.entries({ USERSOCK: 2, SOCK_DIAG: 4, NFLOG: 5, XFRM: 6, SELINUX: 7, ISCSI: 8, AUDIT: 9, CONNECTOR: 11, NETFILTER: 12, KOBJECT_UEVENT: 15, GENERIC: 16, CRYPTO: 21 })
    .map(([name, protocol]) => ({ name: `AF_NETLINK ${name}`, call: [SOCKET, 16, 3, protocol] })),
  // The kernel looks at the lower half only; so must no filter be fooled by the upper.
  { name: 'AF_VSOCK behind high bits', call: [SOCKET, 0x1_0000_0028, 1, 0] },
  { name: 'AF_UNIX behind high bits', call: [SOCKET, 0x1_0000_0001, 1, 0] },
  { name: 'io_uring_setup', call: [425, 0, 0] },
  { name: 'io_uring_enter', call: [426, -1, 0, 0, 0, 0, 0] },
  { name: 'io_uring_register', call: [427, -1, 0, 0, 0] },
  { name: 'perf_event_open', call: [298, 0, 0, -1, -1, 0] },
  { name: 'userfaultfd', call: [323, 0x7fffffff] },
  { name: 'keyctl', call: [250, 999, 0, 0, 0, 0] },
  { name: 'add_key', call: [248, 0, 0, 0, 0, 0] },
  { name: 'request_key', call: [249, 0, 0, 0, 0] },
  { name: 'unshare', call: [272, 0] },
  { name: 'setns', call: [308, -1, 0] },
  { name: 'mount', call: [165, 0, 0, 0, 0, 0] },
  { name: 'umount2', call: [166, 0, 0x7fff0000] },
  { name: 'open_tree', call: [428, -1, 0, 0x7fff0000] },
  { name: 'mount_setattr', call: [442, -1, 0, 0x7fff0000, 0, 0] },
  { name: 'chroot', call: [161, 0] },
  { name: 'name_to_handle_at', call: [303, -1, 0, 0, 0, 0x7fff0000] },
  { name: 'process_vm_writev', call: [311, 1, 0, 0, 0, 0, 1] },
  { name: 'pidfd_getfd', call: [438, -1, -1, 0] },
  { name: 'kcmp', call: [312, 999999, 999999, 0, 0, 0] },
  { name: 'mbind', call: [237, 0, 0, 99, 0, 0, 0] },
  { name: 'adjtimex', call: [159, 0] },
  { name: 'clock_adjtime', call: [305, 0, 0] },
  { name: 'personality READ_IMPLIES_EXEC', call: [135, 0x400000] },
  ...Object.entries(NEW_NAMESPACES).map(([name, flag]) => ({ name: `clone ${name}`, call: [56, flag + CLONE_THREAD, 0, 0, 0, 0] })),
];

const ALLOWED: Probe[] = [
  { name: 'AF_UNIX', call: [SOCKET, 1, 1, 0] }, { name: 'AF_INET', call: [SOCKET, 2, 1, 0] }, { name: 'AF_NETLINK ROUTE', call: [SOCKET, 16, 3, 0] },
  { name: 'clone of a thread', call: [56, CLONE_THREAD, 0, 0, 0, 0] }, { name: 'ptrace', call: [101, 0, 0, 0, 0] },
  { name: 'process_vm_readv', call: [310, 1, 0, 0, 0, 0, 1] }, { name: 'personality query', call: [135, 0xffffffff] }, { name: 'personality NO_RANDOMIZE', call: [135, 0x40000] },
  { name: 'inotify_init1', call: [294, 0] }, { name: 'landlock', call: [444, 0, 0, 1] }, { name: 'mknod of a FIFO', call: [133, '/tmp/fifo', 0o10600, 0] },
];

const EPERM = 1, EINVAL = 22, ENOSYS = 38;
const unconfined = (spec: ContainerSpec): ContainerSpec => ({ ...spec, seccompProfile: 'unconfined' });

/** One perl for all probes: prints `errno` a line, 0 for success. */
function script(probes: Probe[]): string {
  const calls = probes.map(({ call }) => `$! = 0; syscall(${call.map((part) => (typeof part === 'string' ? `my $path = "${part}"` : part)).join(', ')}); print $!+0, "\\n";`);
  return `perl -e '$| = 1; ${calls.join(' ')}'`;
}

describe('system calls, tried from inside', function () {
  this.timeout(60_000);
  const rig = new Rig();
  before(function () {
    // The numbers above are this processor's; another kernel (gVisor's) answers for itself.
    if (rig.info.architecture !== 'amd64' || rig.ownKernel) this.skip();
  });

  const errnos = async (probes: Probe[], weaken?: (spec: ContainerSpec) => ContainerSpec) => {
    const { out, err } = await rig.run(script(probes), { weaken });
    const found = out.trim().split('\n').map(Number);
    assert.equal(found.length, probes.length, `the probe ended early: ${err}`);
    return Object.fromEntries(probes.map(({ name }, index) => [name, found[index]!]));
  };

  it('what could reach the kernel, the hypervisor or a neighbour is denied @smoke @linux', async () => {
    const denied = await errnos(FORBIDDEN);
    assert.deepEqual(Object.entries(denied).filter(([, errno]) => errno !== EPERM), []);
    // Each of these is ours to deny: without the profile the kernel would have looked at the call.
    const open = await errnos(FORBIDDEN, unconfined);
    const kernels = Object.entries(open).filter(([, errno]) => errno === EPERM).map(([name]) => name);
    assert.deepEqual(kernels, []);
  });

  it('what programs and debuggers need is not', async () => {
    const answers = await errnos(ALLOWED);
    assert.deepEqual(Object.entries(answers).filter(([, errno]) => errno === EPERM || errno === ENOSYS), []);
  });

  it('clone3, whose flags no filter sees, does not exist', async () => {
    const clone3 = [{ name: 'clone3', call: [435, 0, 0] }];
    assert.deepEqual(await errnos(clone3), { clone3: ENOSYS });
    assert.deepEqual(await errnos(clone3, unconfined), { clone3: EINVAL });
  });

  it('an x32 call ends the program', async () => {
    const getpid = `perl -e '$| = 1; print "before\\n"; syscall(0x40000000 + 39); print "after\\n"'`;
    const { out, exitCode } = await rig.run(getpid);
    assert.deepEqual([out, exitCode], ['before\n', 128 + 31]);
    assert.match((await rig.run(getpid, { weaken: unconfined })).out, /after/);
  });

  it('a 32-bit call ends the program', async () => {
    // ELF32, one segment: mov eax,1; mov ebx,42; int 0x80, which is exit(42).
    const elf = '7f454c4601010100000000000000000002000300010000005480040834000000000000000000000034002000010000000000000001000000000000000080040800800408'
      + '60000000600000000500000000100000' + 'b801000000bb2a000000cd80';
    const program = `perl -e 'open(F, ">", "/tmp/p"); print F pack("H*", "${elf}"); close F; chmod 0755, "/tmp/p"; exit(0)'; /tmp/p; echo "ended with $?"`;
    assert.match((await rig.run(program)).out, /ended with 159/);
    assert.match((await rig.run(program, { weaken: unconfined })).out, /ended with 42/);
  });
});
