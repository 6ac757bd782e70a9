import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { localPaths, unsafeFolder } from '../../../src/protocol/localPaths';
import type { LocalPlace } from '../../../src/protocol/localPaths';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const paths = (place: Partial<LocalPlace>) => localPaths({ platform: 'linux', env: {}, home: '/home/u', uid: 1000, hash, ...place });

describe('local paths', () => {
  it('lie where each system has such things', () => {
    assert.equal(paths({}).socket, '/home/u/.local/state/petri/petri.sock');
    assert.equal(paths({ env: { XDG_STATE_HOME: '/x/' } }).tokenFile, '/x/petri/token');
    assert.equal(paths({ env: { XDG_STATE_HOME: 'relative' } }).stateFolder, '/home/u/.local/state/petri');
    assert.equal(paths({ platform: 'darwin', home: '/Users/u' }).stateFolder, '/Users/u/Library/Application Support/Petri');
    const windows = paths({ platform: 'win32', home: 'C:\\Users\\u', env: { LOCALAPPDATA: 'C:\\Users\\u\\AppData\\Local' } });
    assert.equal(windows.tokenFile, 'C:\\Users\\u\\AppData\\Local\\Petri\\token');
    assert.match(windows.socket, /^\\\\\.\\pipe\\petri-[0-9a-f]{32}$/);
    assert.equal(windows.socketFolder, undefined);
  });

  it('follow PETRI_HOME, whatever the working folder', () => {
    assert.equal(paths({ env: { PETRI_HOME: '/p/' } }).database, '/p/petri.db');
    assert.equal(paths({ env: { PETRI_HOME: 'p/q' } }).stateFolder, '/home/u/p/q');
    assert.equal(paths({ env: { PETRI_HOME: '' } }).stateFolder, '/home/u/.local/state/petri');
    assert.equal(paths({ platform: 'win32', env: { PETRI_HOME: 'D:\\p' } }).stateFolder, 'D:\\p');
  });

  it('give a long home a short socket of its own, in bytes and not in characters', () => {
    const long = (name: string) => paths({ env: { PETRI_HOME: `/home/u/${name}` } });
    assert.equal(long('x'.repeat(84)).socketFolder, `/home/u/${'x'.repeat(84)}`);
    const [a, b, c] = [long('x'.repeat(85)), long('ü'.repeat(50)), long('x'.repeat(85))];
    for (const { socket } of [a, b]) assert.match(socket, /^\/tmp\/petri-1000-[0-9a-f]{16}\/petri\.sock$/);
    assert.notEqual(a.socket, b.socket);
    assert.deepEqual(a, c);
  });

  it('give users and homes of one Windows machine pipes of their own, however they spell them', () => {
    const pipe = (env: Record<string, string>) => paths({ platform: 'win32', home: `C:\\Users\\${env['USERNAME']}`, env }).socket;
    assert.notEqual(pipe({ USERNAME: 'a' }), pipe({ USERNAME: 'b' }));
    assert.notEqual(pipe({ USERNAME: 'a' }), pipe({ USERNAME: 'a', PETRI_HOME: 'C:\\x' }));
    assert.equal(pipe({ USERNAME: 'a', PETRI_HOME: 'C:\\x' }), pipe({ USERNAME: 'A', PETRI_HOME: 'c:\\X\\' }));
  });

  it('trust a folder only when it is the user\'s alone', () => {
    const linux = { platform: 'linux', uid: 1000 };
    const own = { isDirectory: true, uid: 1000, mode: 0o40700 };
    assert.equal(unsafeFolder(own, linux), undefined);
    assert.match(unsafeFolder({ ...own, uid: 0 }, linux)!, /another user/);
    for (const mode of [0o40710, 0o40701, 0o40707]) assert.match(unsafeFolder({ ...own, mode }, linux)!, /may enter/);
    assert.match(unsafeFolder({ ...own, isDirectory: false }, linux)!, /no(t a)? folder/);
    assert.equal(unsafeFolder({ ...own, uid: 0, mode: 0o40777 }, { platform: 'win32' }), undefined);
  });
});
