import assert from 'node:assert/strict';
import { seccompProfile } from '../../../src/engine/container/seccomp';

interface Profile { defaultAction: string; architectures: string[]; syscalls: Array<{ names: string[]; action: string; errnoRet?: number; args?: object[] }> }
const read = (architecture: 'amd64' | 'arm64') => JSON.parse(seccompProfile(architecture)) as Profile;

describe('the seccomp profile', () => {
  const unconditional = new Set(read('amd64').syscalls.filter((rule) => rule.action === 'SCMP_ACT_ALLOW' && !rule.args).flatMap((rule) => rule.names));

  it('denies what it does not name, on the native ABI alone', () => {
    assert.equal(read('amd64').defaultAction, 'SCMP_ACT_ERRNO');
    assert.deepEqual(read('amd64').architectures, ['SCMP_ARCH_X86_64']);
    assert.deepEqual(read('arm64').architectures, ['SCMP_ARCH_AARCH64']);
    assert.equal(seccompProfile('other'), '');
  });

  it('lets none of these pass unconditionally', () => {
    const dangerous = `socket socketpair clone clone3 personality bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
      keyctl add_key request_key mount umount2 mount_setattr move_mount open_tree fsopen fsmount fspick fsconfig pivot_root chroot setns unshare
      kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff acct quotactl syslog iopl ioperm settimeofday
      clock_settime adjtimex clock_adjtime open_by_handle_at name_to_handle_at fanotify_init process_vm_writev pidfd_getfd modify_ldt lookup_dcookie
      sethostname setdomainname vhangup nfsservctl _sysctl uselib ustat sysfs move_pages migrate_pages mbind`.trim().split(/\s+/);
    assert.deepEqual(dangerous.filter((name) => unconditional.has(name)), []);
  });

  it('names no call twice without a condition, so that no rule is hidden by another', () => {
    const names = read('amd64').syscalls.filter((rule) => !rule.args).flatMap((rule) => rule.names);
    assert.equal(new Set(names).size, names.length);
    const conditional = new Set(read('amd64').syscalls.filter((rule) => rule.args).flatMap((rule) => rule.names));
    assert.deepEqual([...conditional].filter((name) => unconditional.has(name)), []);
  });

  it('answers clone3 with "does not exist", so that C libraries use clone', () => {
    assert.deepEqual(read('amd64').syscalls.find((rule) => rule.names.includes('clone3')), { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 });
  });
});
