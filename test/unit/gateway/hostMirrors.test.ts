import assert from 'node:assert/strict';
import { hostMirrors } from '../../../src/runner/network/hostMirrors';
import { networkSettings } from '../../../src/runner/network/networkSettings';

const read = (files: Record<string, string>, env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') => hostMirrors({
  env, home: '/home/u', platform, readFile: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
});

describe('the mirrors of the user\'s own machine', () => {
  it('there are none where nothing is set up', async () => assert.deepEqual(await read({}), {}));

  it('are read from every tool\'s global configuration', async () => {
    assert.deepEqual(await read({
      '/home/u/.npmrc': '//npm.corp/:_authToken=secret\n; registry=https://no/\nregistry = https://npm.corp/npm/\n',
      '/etc/pip.conf': '[global]\nindex-url = https://pip.corp/simple\n[install]\nno-cache-dir = yes\n',
      '/home/u/.config/go/env': 'GOFLAGS=-x\nGOPROXY=https://go.corp,direct\nGOSUMDB=off\n',
      '/home/u/.m2/settings.xml': '<settings><mirrors><mirror><id>a</id><mirrorOf>other</mirrorOf><url>https://no/</url></mirror><mirror><id>b</id><mirrorOf>*</mirrorOf><url>https://maven.corp/m2</url></mirror></mirrors></settings>',
    }), { npm: 'https://npm.corp/npm/', pip: 'https://pip.corp/simple', go: 'https://go.corp,direct', gosum: 'off', maven: 'https://maven.corp/m2' });
  });

  it('the environment goes before files, a user\'s file before the machine\'s', async () => {
    assert.deepEqual(await read({ '/home/u/.npmrc': 'registry=https://a/', '/etc/npmrc': 'registry=https://b/' }), { npm: 'https://a/' });
    assert.deepEqual(await read({ '/home/u/.npmrc': 'registry=https://a/' }, { NPM_CONFIG_REGISTRY: 'https://c/', PIP_INDEX_URL: 'https://d/' }), { npm: 'https://c/', pip: 'https://d/' });
  });

  it('a settings.xml that is none, or grows when it is read, names nothing', async () => {
    assert.deepEqual(await read({ '/home/u/.m2/settings.xml': 'not <xml' }), {});
    const bomb = `<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "${'&a;'.repeat(100)}"><!ENTITY c "${'&b;'.repeat(100)}">]><settings><mirrors><mirror><mirrorOf>*</mirrorOf><url>&c;</url></mirror></mirrors></settings>`;
    assert.ok(((await read({ '/home/u/.m2/settings.xml': bomb })).maven ?? '').length < 100);
  });
});

describe('the runner\'s network settings', () => {
  it('name registries, hosts, aliases and authorities', () => {
    assert.deepEqual(networkSettings({
      PETRI_REGISTRIES: 'npm=https://a/x go=https://b,https://c|direct', PETRI_REGISTRY_HOSTS: 'Files.corp, d:8443', PETRI_REGISTRY_ALIASES: 'old.corp=new.corp', PETRI_EXTRA_CA: '/a.pem', PETRI_REGISTRY_CREDENTIALS: 'new.corp',
    }), { registries: { npm: 'https://a/x', go: 'https://b,https://c|direct' }, hosts: ['files.corp', 'd:8443'], aliases: { 'old.corp': 'new.corp' }, extraCa: ['/a.pem'], credentials: ['new.corp'] });
    assert.deepEqual(networkSettings({}), { registries: {}, hosts: [], aliases: {}, extraCa: [], credentials: [] });
  });
  it('are refused when they cannot be meant', () => {
    for (const value of ['npm', '=x', 'npm=', 'nmp=https://a/']) assert.throws(() => networkSettings({ PETRI_REGISTRIES: value }), { code: 'bad-request' });
  });
});
