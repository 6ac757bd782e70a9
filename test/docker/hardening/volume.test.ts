import assert from 'node:assert/strict';
import { Rig, UID } from './rig';

describe('a new workspace volume', function () {
  this.timeout(60_000);
  const rig = new Rig();

  it('belongs to the sandbox where it should, and to root where it must @smoke', async () => {
    const { out } = await rig.run('stat -c "%n %u:%g %a" /sandbox /sandbox/workspace /sandbox/home /sandbox/state; pwd; echo ~');
    assert.equal(out, `/sandbox 0:0 755\n/sandbox/workspace ${UID}:${UID} 755\n/sandbox/home ${UID}:${UID} 755\n/sandbox/state ${UID}:${UID} 755\n/sandbox/workspace\n/sandbox/home\n`);
  });

  it('takes the first run\'s files, and the next run finds them', async () => {
    assert.equal((await rig.run('echo kept > note && echo kept > ~/note && echo kept > /sandbox/state/note')).exitCode, 0);
    assert.equal((await rig.run('cat note ~/note /sandbox/state/note; rm note ~/note /sandbox/state/note')).out, 'kept\nkept\nkept\n');
  });

  it('none of the three folders can be moved, replaced or joined by another', async () => {
    const attempts = ['mv /sandbox/workspace /sandbox/w', 'rmdir /sandbox/state', 'mkdir /sandbox/x', 'ln -s / /sandbox/x', 'chmod 777 /sandbox', 'rm -rf /sandbox/home'];
    const { out } = await rig.run(attempts.map((attempt) => `${attempt} 2>/dev/null; echo $?`).join('; '));
    assert.equal(out, '1\n'.repeat(attempts.length));
    assert.equal((await rig.run('ls /sandbox')).out, 'home\nstate\nworkspace\n');
  });

  it('is closed to another sandbox\'s user, as it would be to this one\'s without the seed', async () => {
    const write = 'touch /sandbox/workspace/x && echo written';
    assert.doesNotMatch((await rig.run(write, { uid: UID + 1 })).out, /written/);
    const name = `${rig.installId}-bare`;
    await rig.engine.createVolume(name, rig.labels);
    const bare = await rig.run('touch /sandbox/x && echo written', {
      weaken: (spec) => ({ ...spec, workingDirectory: '/', mounts: [{ volume: name, target: '/sandbox', readOnly: false }] }),
    });
    assert.doesNotMatch(bare.out, /written/);
  });

  it('holds nothing of the image\'s', async function () {
    // Podman fills a new volume from the image, and has no way to be told not to.
    if (rig.info.name === 'podman') return this.skip();
    const name = `${rig.installId}-copy`;
    await rig.engine.createVolume(name, rig.labels);
    // A folder that the image fills: an engine would copy it into a new volume.
    const list = await rig.run('ls -A /etc/skel', { weaken: (spec) => ({ ...spec, workingDirectory: '/', mounts: [{ volume: name, target: '/etc/skel', readOnly: false }] }) });
    assert.deepEqual([list.out, list.exitCode], ['', 0]);
    assert.notEqual((await rig.run('ls -A /etc/skel')).out, '');
  });
});
