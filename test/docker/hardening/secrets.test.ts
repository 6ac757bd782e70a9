import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { weaknesses } from '../../../src/engine/container/weaknesses';
import { Rig } from './rig';

/** Everything a program can read about where it runs. */
const LOOK_AROUND = `
  env; cat /proc/self/environ /proc/1/environ 2>/dev/null | tr '\\0' '\\n'
  cat /etc/resolv.conf /etc/hosts /etc/hostname /proc/sys/kernel/hostname /proc/sys/kernel/domainname
  cat /proc/mounts /proc/self/mountinfo /proc/1/cmdline /proc/self/cgroup; hostname; cat /proc/keys /proc/net/unix 2>/dev/null`;

describe('what a container tells about its host', function () {
  this.timeout(60_000);
  const CANARIES = { USER: 'canary-user', HOME: '/home/canary-home', PETRI_TOKEN: 'canary-token', SSH_AUTH_SOCK: '/canary.sock' };
  const saved = Object.keys(CANARIES).map((name) => [name, process.env[name]] as const);
  before(() => { Object.assign(process.env, CANARIES); });
  after(() => {
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const rig = new Rig();

  /** The words that must not turn up. Those that are everybody's (root, localhost) say nothing. */
  const words = () => {
    const resolv = readFileSync('/etc/resolv.conf', 'utf8');
    const resolvers = [...resolv.matchAll(/^nameserver\s+(\S+)/gm)].map((match) => match[1]!).filter((address) => address !== '127.0.0.1');
    const domains = [...resolv.matchAll(/^(?:search|domain)\s+(.+)$/gm)].flatMap((match) => match[1]!.split(/\s+/));
    const others = readFileSync('/etc/hosts', 'utf8').split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1))
      .filter((name) => name.length > 5 && !/localhost|^ip6-/.test(name));
    const own = [userInfo().username, userInfo().homedir, homedir(), hostname(), process.cwd()];
    const podman = weaknesses(rig.info).some((weakness) => weakness.includes('name server'));
    return [...Object.values(CANARIES), ...podman ? [] : resolvers, ...domains, ...others, ...own.filter((word) => !['root', '/root', '/', '', 'vm'].includes(word)), 'canary'];
  };

  it('no user, home, token, resolver, search domain or neighbour of the host is seen from inside', async () => {
    const { out } = await rig.run(LOOK_AROUND);
    assert.ok(out.includes('/sandbox'), 'it did look around');
    assert.deepEqual(words().filter((word) => out.includes(word)), []);
  });

  it('nor is any in what the engine records of the container', async () => {
    const { id } = await rig.create('true');
    const recorded = await rig.inspectRaw(id);
    assert.ok(recorded.includes('sandbox'));
    assert.deepEqual(words().filter((word) => recorded.includes(word)), []);
  });

  it('the search would find one: with the host\'s own resolver settings they show', async () => {
    const { out } = await rig.run(LOOK_AROUND, { weaken: (spec) => ({ ...spec, hardening: { ...spec.hardening, dns: [], dnsSearch: [] } }) });
    const resolver = /^nameserver\s+(\S+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1];
    if (resolver && resolver !== '127.0.0.1' && rig.info.name === 'docker' && process.env['PETRI_TEST_ENGINE'] === undefined) assert.ok(out.includes(resolver));
    assert.ok((await rig.run(LOOK_AROUND, { weaken: (spec) => ({ ...spec, environment: ['X=canary-token'] }) })).out.includes('canary-token'));
  });

  it('labels are ours alone', async () => {
    const { id } = await rig.create('true');
    assert.deepEqual((await rig.engine.inspectContainer(id))?.labels, {
      'dev.jhansi.petri.install': rig.installId, 'dev.jhansi.petri.sandbox': 'sb_00000000000000000000000000000000', 'dev.jhansi.petri.run': '', 'dev.jhansi.petri.role': 'run',
    });
  });
});
