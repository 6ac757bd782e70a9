import assert from 'node:assert/strict';
import { hostCredentials, withoutCredentials } from '../../../src/runner/network/hostCredentials';
import { hostNetwork } from '../../../src/runner/network/hostNetwork';

const FILES: Record<string, string> = {
  '/home/u/.npmrc': 'registry=https://npm.corp/\n//npm.corp/path/:_authToken=${TOKEN}\n//other.corp/:_auth=YTpi\n//old.corp/:username=u\n//old.corp/:_password=cHc=\n//port.corp:8443/:_authToken=p\n',
  '/home/u/.netrc': 'machine net.corp login me password secret\n# machine no.corp login x password y\nmachine bare.corp\ndefault login d password e\n',
};
const sources = (env: Record<string, string> = {}) => ({ env, home: '/home/u', platform: 'linux' as const, readFile: (path: string) => (FILES[path] === undefined ? undefined : Buffer.from(FILES[path])) });
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the user\'s own credentials', () => {
  const of = (host: string, addresses: string[] = []) => hostCredentials(host, addresses, sources({ TOKEN: 'from-env' }));

  it('are read from .npmrc, netrc and a mirror\'s address, each for its own host', () => {
    assert.deepEqual(['npm.corp', 'other.corp', 'old.corp', 'port.corp:8443', 'net.corp'].map((host) => of(host)), ['Bearer from-env', 'Basic YTpi', basic('u:pw'), 'Bearer p', basic('me:secret')]);
    assert.equal(of('pip.corp', ['https://a%40b:c@pip.corp/simple']), basic('a@b:c'));
    assert.equal(of('pip.corp', ['https://u:a,b|c@pip.corp/simple']), basic('u:a,b|c'));
    assert.equal(of('go.corp', ['https://first.corp,https://u:p@go.corp|direct']), basic('u:p'));
    assert.equal(of('odd.corp', ['https://u:100%@odd.corp/']), basic('u:100%'));
    assert.deepEqual(['port.corp', 'corp', 'evil-npm.corp', 'no.corp', 'bare.corp', 'nowhere.corp'].map((host) => of(host, ['https://a:b@pip.corp/'])), Array.from({ length: 6 }, () => undefined));
  });

  it('are looked up only for hosts that a setting asks for', async () => {
    assert.equal(await hostNetwork({}, sources({ TOKEN: 'x' })).authorizationFor('npm.corp'), undefined);
    const asked = hostNetwork({ PETRI_REGISTRY_CREDENTIALS: 'npm.corp' }, sources({ TOKEN: 'x' }));
    assert.equal(await asked.authorizationFor('npm.corp'), 'Bearer x');
    assert.equal(await asked.authorizationFor('net.corp'), undefined);
  });

  it('never stand in an address that a container sees', async () => {
    assert.equal(withoutCredentials('https://u:p@a/x,https://t@b|direct https://c/@scope'), 'https://a/x,https://b|direct https://c/@scope');
    for (const user of ['u:p@ss', 'u:a,b', 'u:a|b', 'u:a:b', 'u:', ':p', 'u@corp:p,q@r']) {
      for (const rest of ['host/x', 'host', 'host:8443/@scope/y?z=a@b', 'host?z=a@b', 'host#a@b']) {
        assert.equal(withoutCredentials(`https://${user}@${rest}`), `https://${rest}`);
        assert.equal(withoutCredentials(`direct,https://${user}@${rest}|https://v:q@second/`), `direct,https://${rest}|https://second/`);
      }
    }
    const network = hostNetwork({ PETRI_REGISTRIES: 'maven=https://u:p@m.corp/' }, sources({ PIP_INDEX_URL: 'https://u:p@pip.corp/simple', GOPROXY: 'https://x:y@go.corp,direct' }));
    assert.deepEqual(await network.mirrors(), { npm: 'https://npm.corp/', pip: 'https://pip.corp/simple', go: 'https://go.corp,direct', maven: 'https://m.corp/' });
  });
});
