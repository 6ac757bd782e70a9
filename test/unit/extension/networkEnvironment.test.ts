import assert from 'node:assert/strict';
import { networkEnvironment } from '../../../src/extension/networkEnvironment';
import { networkSettings } from '../../../src/runner/network/networkSettings';

describe('network settings of the window', () => {
  it('reach the runner as it reads them', () => {
    const env = networkEnvironment({
      extraCertificates: ['/a b/ca.pem', '/c.pem'], registries: { npm: 'https://npm.corp/x', pip: '', go: 'https://go.corp,direct' }, registryHosts: ['files.corp', 'f:8443'],
      registryAliases: { 'old.corp': 'new.corp' }, credentials: ['npm.corp'], proxy: 'http://proxy.corp:3128',
    }, { PATH: '/bin' }, ':');
    assert.deepEqual(networkSettings(env), {
      extraCa: ['/a b/ca.pem', '/c.pem'], registries: { npm: 'https://npm.corp/x', go: 'https://go.corp,direct' }, hosts: ['files.corp', 'f:8443'], aliases: { 'old.corp': 'new.corp' }, credentials: ['npm.corp'],
    });
    assert.equal(env['HTTPS_PROXY'], 'http://proxy.corp:3128');
    assert.equal(env['PATH'], '/bin');
  });

  it('say nothing where nothing is set, and leave the environment\'s own proxy', () => {
    assert.deepEqual(networkEnvironment({ registries: {}, proxy: '' }, { PETRI_EXTRA_CA: '/x.pem' }, ':'), { PETRI_EXTRA_CA: '/x.pem' });
    assert.deepEqual(networkEnvironment({ proxy: 'http://b' }, { https_proxy: 'http://a' }, ':'), { https_proxy: 'http://a' });
  });
});
