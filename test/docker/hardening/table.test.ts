import assert from 'node:assert/strict';
import type { ContainerSpec, Hardening } from '../../../src/engine/ports/containerEngine';
import { Rig } from './rig';

const harden = (change: Partial<Hardening>) => (spec: ContainerSpec): ContainerSpec => ({ ...spec, hardening: { ...spec.hardening, ...change } });
const limit = (change: Partial<ContainerSpec['limits']>) => (spec: ContainerSpec): ContainerSpec => ({ ...spec, limits: { ...spec.limits, ...change } });

interface Defence {
  name: string;
  /** Tries to do what the defence forbids, and prints what came of it. */
  probe: string;
  held: RegExp;
  weaken: (spec: ContainerSpec) => ContainerSpec;
  /** What the same probe prints without the defence: else it would prove nothing. */
  broken: RegExp;
  /** Asks Linux' own files, or counts on its way to fail; gVisor is another kernel. */
  linuxOnly?: boolean;
  /** gVisor's runtime is set up without any network: there is nothing to take away. */
  alwaysHeldByGvisor?: boolean;
  /** Podman has no option for it. */
  notByPodman?: boolean;
}

const DEFENCES: Defence[] = [
  {
    name: 'no capability is left, not even to give back @smoke', probe: 'grep CapBnd /proc/self/status',
    held: /CapBnd:\s0{16}\n/, weaken: harden({ dropCapabilities: [] }), broken: /CapBnd:\s0*[1-9a-f]/,
  },
  {
    name: 'no program can gain privileges by being started', probe: 'grep NoNewPrivs /proc/self/status',
    held: /NoNewPrivs:\s1/, weaken: harden({ noNewPrivileges: false }), broken: /NoNewPrivs:\s0/, linuxOnly: true,
  },
  {
    name: 'system calls are filtered @smoke @linux', probe: 'grep Seccomp: /proc/self/status',
    held: /Seccomp:\s2/, weaken: (spec) => ({ ...spec, seccompProfile: 'unconfined' }), broken: /Seccomp:\s0/, linuxOnly: true,
  },
  {
    // Linux asks this before any permission, gVisor after: there everybody's /var/tmp shows it. (Podman makes that one a tmpfs.)
    name: 'the root file system is read-only @smoke', probe: 'touch /etc/x /var/tmp/x',
    held: /Read-only file system/, weaken: harden({ readOnlyRoot: false }), broken: /Permission denied/,
  },
  {
    name: 'there is no network but loopback @smoke', probe: 'tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " " | tr "\\n" " "',
    held: /^lo $/, weaken: (spec) => ({ ...spec, network: 'bridge' as 'none' }), broken: /eth|tap/, alwaysHeldByGvisor: true,
  },
  {
    name: 'the first process collects orphans', probe: 'cat /proc/1/comm',
    held: /init|tini|catatonit/, weaken: harden({ init: false }), broken: /^sh\n$/,
  },
  {
    name: 'the user is the sandbox\'s own, not root', probe: 'id -u; id -g; id -G',
    held: /^39001\n39001\n39001\n$/, weaken: (spec) => ({ ...spec, user: '0:0' }), broken: /^0\n0\n/,
  },
  {
    name: 'open files are limited', probe: `perl -e 'my @f; while (open(my $f, "<", "/dev/null")) { push @f, $f; last if @f > 5000 } print scalar(@f), " $!"'`,
    held: /^40\d\d Too many open files/, weaken: limit({ nofile: 8192 }), broken: /^5001/,
  },
  {
    name: 'a file cannot grow past the disk limit', probe: 'cd /sandbox/workspace; dd if=/dev/zero of=big bs=1M count=80 && echo written; rm -f big',
    held: /File size limit exceeded|File too large/, weaken: limit({ fileSizeBytes: 2 ** 30 }), broken: /written/,
  },
  {
    name: 'no core dumps', probe: 'ulimit -Hc', held: /^0\n/, weaken: limit({ coreBytes: 1024 * 1024 }), broken: /^[1-9]/,
  },
  {
    name: 'processes are limited @smoke @linux',
    probe: `perl -e 'my @p; while (@p < 300) { my $p = fork(); last unless defined $p; if (!$p) { sleep 30; exit } push @p, $p } print scalar(@p); kill 9, @p'`,
    held: /^(\d\d|1[012]\d)$/, weaken: limit({ pids: 1000 }), broken: /^300$/, linuxOnly: true,
  },
  {
    name: 'processor time is limited',
    probe: 'cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null',
    held: /^100000( 100000)?\n$/, weaken: limit({ nanoCpus: 0 }), broken: /^(max 100000|-1)\n$/, linuxOnly: true,
  },
  {
    name: '/tmp is small and of memory', probe: 'for i in 1 2 3 4; do dd if=/dev/zero of=/tmp/$i bs=1M count=40 || exit; done; echo written',
    held: /No space left on device/, weaken: (spec) => ({ ...limit({ memoryBytes: 2 ** 30, memorySwapBytes: 2 ** 30 })(spec), tmpfs: { '/tmp': 'rw,mode=1777' } }), broken: /written/,
  },
  {
    name: '/tmp honours no set-uid bit and no device', probe: 'grep " /tmp " /proc/mounts', held: /nosuid,nodev|nodev.*nosuid/,
    weaken: (spec) => ({ ...spec, tmpfs: { '/tmp': 'rw,suid,dev,exec' } }), broken: /rw,(?!nosuid)/, linuxOnly: true,
  },
  {
    name: 'files in /tmp are limited in number',
    probe: `perl -e 'for my $i (1..30000) { open(my $f, ">", "/dev/shm/$i") or do { print "stopped at $i: $!"; exit } } print "all"'`,
    held: /^stopped at \d+: No space left/, weaken: (spec) => ({ ...spec, tmpfs: { '/dev/shm': 'rw,mode=1777,nr_inodes=0' } }), broken: /^all$/, linuxOnly: true, notByPodman: true,
  },
  {
    name: 'the host\'s resolver and search domain do not come in', probe: 'cat /etc/resolv.conf', held: /^(?:nameserver 127\.0\.0\.1\n|search \.\n|#.*\n|\n)*$/,
    weaken: harden({ dns: ['192.0.2.77'], dnsSearch: ['canary.example'] }), broken: /192\.0\.2\.77[^]*canary\.example|canary\.example[^]*192\.0\.2\.77/, notByPodman: true,
  },
];

describe('the container table, from inside', function () {
  this.timeout(60_000);
  const rig = new Rig();

  for (const defence of DEFENCES) {
    it(defence.name, async function () {
      if ((defence.linuxOnly && rig.ownKernel) || (defence.notByPodman && rig.info.name === 'podman')) return this.skip();
      const held = await rig.run(`(${defence.probe}) 2>&1`);
      assert.match(held.out, defence.held);
      if (defence.alwaysHeldByGvisor && rig.ownKernel) return;
      const broken = await rig.run(`(${defence.probe}) 2>&1`, { weaken: defence.weaken });
      assert.match(broken.out, defence.broken, 'the probe does not notice that the defence is gone');
      assert.doesNotMatch(broken.out, defence.held);
    });
  }

  it('shared memory is nobody else\'s', async function () {
    if (rig.ownKernel) return this.skip();
    const namespaces = async (weaken?: (spec: ContainerSpec) => ContainerSpec) => {
      const [one, two] = await Promise.all([1, 2].map(() => rig.run('readlink /proc/self/ns/ipc', { weaken })));
      return [one!.out, two!.out];
    };
    const [one, two] = await namespaces();
    assert.notEqual(one, two);
    const [shared, same] = await namespaces(harden({ ipc: 'host' }));
    assert.equal(shared, same);
  });

  it('programs that need /dev/shm find it', async () => {
    assert.equal((await rig.run('echo x > /dev/shm/y && cat /dev/shm/y')).out, 'x\n');
  });

  it('the engine\'s own masks are kept: kernel settings, keys, memory', async () => {
    const { out } = await rig.run('for f in /proc/kcore /proc/keys /proc/timer_list; do head -c 1 $f 2>/dev/null | wc -c; done; echo 1 2>&1 > /proc/sys/kernel/core_pattern; echo b 2>&1 > /proc/sysrq-trigger');
    assert.match(out, /^0\n0\n0\n/);
  });
});
