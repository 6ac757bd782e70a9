import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { buildSpec, specKey, type SpecInput } from '../../../src/engine/container/spec';
import { weaknesses } from '../../../src/engine/container/weaknesses';
import type { EngineInfo } from '../../../src/engine/ports/containerEngine';
import { containerBody } from '../../../src/runner/docker/containerBody';

const ENGINE: EngineInfo = {
  endpoint: 'unix:///x', name: 'docker', version: '28.5.2', apiVersion: '1.51', architecture: 'amd64', cpus: 4, memoryBytes: 8 * 2 ** 30,
  rootless: false, seccomp: true, cgroupVersion: 2, defaultRuntime: 'runc', runtimes: ['runc', 'runsc'],
};
const INPUT: SpecInput = {
  installId: 'install', sandboxId: 'sb_1', runId: 'run_1', role: 'run', imageId: 'sha256:1', uid: 30001,
  mounts: [{ volume: 'petri-ws-1', target: '/sandbox' }], launcher: 'read line', tty: false, engine: ENGINE,
  limits: { cpus: 2, memory_bytes: 2 ** 30, pids: 256, disk_bytes: 2 ** 31, disk_files: 1000, seconds: 60, output_bytes: 2 ** 20 },
};
interface Body { HostConfig: Record<string, unknown>; [key: string]: unknown }
const body = (change: Partial<SpecInput> = {}) => containerBody(buildSpec({ ...INPUT, ...change })) as Body;

describe('the container table', () => {
  it('reads like this in the engine\'s create call', () => {
    const { HostConfig: host, ...config } = body();
    const [noNewPrivileges, seccomp] = host['SecurityOpt'] as string[];
    assert.equal(noNewPrivileges, 'no-new-privileges');
    assert.equal((JSON.parse(seccomp!.replace('seccomp=', '')) as { defaultAction: string }).defaultAction, 'SCMP_ACT_ERRNO');
    assert.deepEqual({ ...host, SecurityOpt: undefined }, {
      CapDrop: ['ALL'], SecurityOpt: undefined, Privileged: false, ReadonlyRootfs: true, Init: true, IpcMode: 'none', NetworkMode: 'none',
      CgroupnsMode: 'private', LogConfig: { Type: 'none', Config: {} }, Dns: ['127.0.0.1'], DnsSearch: ['.'], DnsOptions: [], ExtraHosts: [],
      Memory: 2 ** 30, MemorySwap: 2 ** 30, NanoCpus: 2e9, PidsLimit: 256,
      Ulimits: [{ Name: 'nofile', Soft: 4096, Hard: 4096 }, { Name: 'fsize', Soft: 2 ** 31, Hard: 2 ** 31 }, { Name: 'core', Soft: 0, Hard: 0 }],
      Tmpfs: {
        '/tmp': `rw,nosuid,nodev,exec,size=${2 ** 29},mode=1777,nr_inodes=200000`,
        '/dev/shm': `rw,nosuid,nodev,noexec,size=${2 ** 28},mode=1777,nr_inodes=10000`,
      },
      Mounts: [{ Type: 'volume', Source: 'petri-ws-1', Target: '/sandbox', ReadOnly: false, VolumeOptions: { NoCopy: true } }],
      Sysctls: undefined, Runtime: undefined, RestartPolicy: { Name: 'no' }, AutoRemove: false,
    });
    assert.deepEqual(config, {
      Image: 'sha256:1', Entrypoint: ['/bin/sh'], Cmd: ['-c', 'read line'], WorkingDir: '/sandbox/workspace', User: '30001:30001', Hostname: 'sandbox',
      Env: ['HOME=/sandbox/home', 'USER=sandbox', 'LOGNAME=sandbox', 'LANG=C.UTF-8', 'TMPDIR=/tmp'],
      Labels: {
        'dev.jhansi.petri.install': 'install', 'dev.jhansi.petri.sandbox': 'sb_1', 'dev.jhansi.petri.run': 'run_1', 'dev.jhansi.petri.role': 'run',
      },
      Tty: false, OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true, Healthcheck: { Test: ['NONE'] },
    });
  });

  for (const uid of [0, -1, 1.5, NaN, Infinity, 2 ** 32, 2 ** 31]) {
    it(`refuses the user ${uid}`, () => assert.throws(() => buildSpec({ ...INPUT, uid }), { code: 'internal' }));
  }

  it('never asks for more processors than there are', () => assert.equal(body({ limits: { ...INPUT.limits, cpus: 64 } }).HostConfig['NanoCpus'], 4e9));

  it('refuses a runtime that the engine does not have', () => {
    assert.equal(body({ runtime: 'runsc' }).HostConfig['Runtime'], 'runsc');
    assert.throws(() => body({ runtime: 'kata' }), { code: 'engine-failed', message: /kata/ });
  });

  it('is sendable to engines that lack something, and says so', () => {
    const weak = { ...ENGINE, seccomp: false, cgroupVersion: 1 as const, lacks: ['cpus' as const, 'swap' as const, 'pids' as const, 'memory' as const] };
    const { HostConfig: host } = body({ engine: weak });
    assert.deepEqual([host['NanoCpus'], host['SecurityOpt'], host['CgroupnsMode']], [0, ['no-new-privileges'], undefined]);
    assert.equal(weaknesses(weak).length, 5);
    assert.equal(weaknesses({ ...ENGINE, architecture: 'other' }).length, 1);
    assert.equal(weaknesses({ ...ENGINE, takesProfile: false }).length, 1);
    assert.deepEqual(body({ engine: { ...ENGINE, takesProfile: false } }).HostConfig['SecurityOpt'], ['no-new-privileges']);
    assert.deepEqual(weaknesses(ENGINE), []);
  });
});

describe('mounts', () => {
  const hostile = [
    '/', '/etc', '/var/run/docker.sock', '//./pipe/docker_engine', 'C:\\', '.', '..', '../x', './x', '~', '', 'petri-', 'petri-/etc', 'petri-x/../..', 'petri-x:/etc',
    'petri-x,type=bind', 'petri-x\0', 'petri-x\n', 'PETRI-x', 'someone-elses', 'x petri-y', 'petri-x ', `petri-${'a'.repeat(500)}`, '/dev/kvm', 'petri-\u0000', 'petri-é',
  ];

  for (const volume of hostile) {
    it(`refuses the source ${JSON.stringify(volume.slice(0, 40))}`, () => assert.throws(() => buildSpec({ ...INPUT, mounts: [{ volume, target: '/sandbox' }] }), { code: 'internal' }));
  }
  for (const target of ['/', '/etc', '/proc', '/sandbox/..', '/sandbox/../etc', '/sandbox//x', '/sandboxes', 'sandbox', '', '/sandbox/', '/sandbox\n', '/dev', '/tmp', '/sandbox/a:ro']) {
    it(`refuses the target ${JSON.stringify(target)}`, () => assert.throws(() => buildSpec({ ...INPUT, mounts: [{ volume: 'petri-x', target }] }), { code: 'internal' }));
  }

  it('of what gateways keep are for gateways alone', () => {
    const mounts = [{ volume: 'petri-artefacts-0123456789abcdef', target: '/sandbox/artefacts' }];
    for (const role of ['warm', 'run', 'terminal', 'install', 'question'] as const) assert.throws(() => buildSpec({ ...INPUT, role, mounts }), { code: 'internal' });
    assert.equal(buildSpec({ ...INPUT, role: 'gateway', mounts }).mounts.length, 1);
  });

  // CVE-2026-6406: both ways of asking for a mount.
  it('whatever is asked for, the engine is asked for volumes of ours only, and in no other way', () => {
    const alphabet = ['petri-', 'a', '0', '/', '..', '.', ':', ',', '\\', '\0', '\n', ' ', 'etc', 'docker.sock', 'bind', '~', '$HOME', 'é', '-', '_', '/dev/sda'];
    const text = () => Array.from({ length: randomInt(0, 6) }, () => alphabet[randomInt(alphabet.length)]).join('');
    let built = 0;
    for (let round = 0; round < 20_000; round++) {
      const volume = randomInt(2) ? text() : `petri-${text()}`;
      const target = randomInt(2) ? text() : `/sandbox/${text()}`;
      // Anything that could come from a client goes in as well; none of it may turn up as a mount.
      const input = { ...INPUT, sandboxId: text(), runId: text(), imageId: text(), launcher: text(), mounts: [{ volume, target: round % 5 ? '/sandbox' : target }] };
      let made: Body;
      try {
        made = containerBody(buildSpec(input)) as Body;
      } catch {
        continue;
      }
      built++;
      const host = made.HostConfig;
      for (const key of ['Binds', 'Devices', 'DeviceRequests', 'DeviceCgroupRules', 'VolumesFrom', 'CapAdd', 'Links', 'PidMode', 'UTSMode', 'UsernsMode', 'GroupAdd', 'Sysctls']) {
        assert.equal(host[key], undefined, key);
      }
      assert.equal(made['Volumes'], undefined);
      for (const mount of host['Mounts'] as Array<{ Type: string; Source: string; Target: string }>) {
        assert.equal(mount.Type, 'volume');
        assert.match(mount.Source, /^petri-[a-z0-9][a-z0-9_.-]*$/);
        assert.match(mount.Target, /^\/sandbox(\/[a-z0-9_-]+)*$/);
      }
    }
    assert.ok(built > 100, `only ${built} specs were built: the property was hardly tried`);
  });
});

describe('networks', () => {
  const network = { id: 'a'.repeat(64), gateway: '192.168.7.2' };
  const host = (change: Partial<SpecInput>) => body(change).HostConfig;

  it('there is none, but for an install: its own, with no resolver on it', () => {
    for (const role of ['warm', 'run', 'terminal', 'question'] as const) {
      assert.equal(host({ role })['NetworkMode'], 'none');
      assert.throws(() => buildSpec({ ...INPUT, role, network }), { code: 'internal' });
    }
    assert.equal(host({ role: 'install' })['NetworkMode'], 'none');
    const { NetworkMode, Dns, Sysctls } = host({ role: 'install', network });
    assert.deepEqual({ NetworkMode, Dns, Sysctls }, { NetworkMode: network.id, Dns: ['192.168.7.2'], Sysctls: undefined });
  });

  it('only a gateway has the way out, and passes no packet on', () => {
    const { NetworkMode, Dns, DnsSearch, Sysctls } = host({ role: 'gateway' });
    assert.deepEqual({ NetworkMode, Dns, DnsSearch, Sysctls }, { NetworkMode: 'bridge', Dns: [], DnsSearch: ['.'], Sysctls: { 'net.ipv4.ip_forward': '0' } });
    assert.throws(() => buildSpec({ ...INPUT, role: 'gateway', network }), { code: 'internal' });
  });

  for (const id of ['bridge', 'host', 'default', 'none', 'container:x', '', 'a'.repeat(63), `${'a'.repeat(64)}\n`, 'petri-net-1']) {
    it(`refuses the network ${JSON.stringify(id)}`, () => assert.throws(() => buildSpec({ ...INPUT, role: 'install', network: { ...network, id } }), { code: 'internal' }));
  }
});

describe('the pool key', () => {
  const key = (change: Partial<SpecInput>) => specKey(buildSpec({ ...INPUT, ...change }));

  it('does not depend on whose container it is', () => {
    assert.equal(key({}), key({ runId: '', role: 'warm', sandboxId: 'sb_2', installId: randomBytes(4).toString('hex') }));
  });

  const differing: Record<string, Partial<SpecInput>> = {
    image: { imageId: 'sha256:2' }, user: { uid: 30002 }, volume: { mounts: [{ volume: 'petri-ws-2', target: '/sandbox' }] },
    'read-only mount': { mounts: [{ volume: 'petri-ws-1', target: '/sandbox', readOnly: true }] }, memory: { limits: { ...INPUT.limits, memory_bytes: 2 ** 29 } },
    processors: { limits: { ...INPUT.limits, cpus: 1 } }, pids: { limits: { ...INPUT.limits, pids: 99 } }, disk: { limits: { ...INPUT.limits, disk_bytes: 2 ** 30 } },
    runtime: { runtime: 'runsc' }, terminal: { tty: true }, launcher: { launcher: 'other' }, seccomp: { engine: { ...ENGINE, seccomp: false } },
  };
  for (const [what, change] of Object.entries(differing)) it(`depends on the ${what}`, () => assert.notEqual(key({}), key(change)));

  it('does not depend on limits that the runner keeps, not the container', () => {
    assert.equal(key({}), key({ limits: { ...INPUT.limits, seconds: 1, output_bytes: 4096 } }));
  });
});
