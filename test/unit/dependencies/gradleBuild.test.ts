import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { explainFetch, explainGradle } from '../../../src/engine/dependencies/java/gradle/explainGradle';
import { readDistribution } from '../../../src/engine/dependencies/java/gradle/distribution';
import { javaAdapter } from '../../../src/engine/dependencies/java/javaAdapter';
import type { RegistryHosts } from '../../../src/engine/gateway/door';

const PROPERTIES = 'gradle/wrapper/gradle-wrapper.properties';
const OWN = 'distributionBase=GRADLE_USER_HOME\ndistributionUrl=https\\://services.gradle.org/distributions/gradle-8.5-bin.zip\n';
const MIRROR: Partial<RegistryHosts> = { mirrors: { gradle: 'https://mirror.invalid/gradle' }, named: ['mirror.invalid', 'files.invalid'] };

const find = (...paths: string[]) => javaAdapter.find(paths).map(({ manifest, inputs }) => [manifest, ...inputs.filter((path) => path !== manifest)]);
function plan(all: Record<string, string>, registries: Partial<RegistryHosts> = {}) {
  const [first] = javaAdapter.find(Object.keys(all));
  return javaAdapter.plan(first!, Object.entries(all).map(([path, content]) => ({ path, content: Buffer.from(content) })), { registries: { hosts: ['registry.invalid'], aliases: {}, ...registries } });
}
const asked = (all: Record<string, string>) => plan(all, { tools: ['gradle'] }).requested.map(({ name, version, path, line }) => `${path}:${line} ${name} ${version}`);
const distribution = (properties: string, registries: Partial<RegistryHosts> = {}) => readDistribution({ path: PROPERTIES, content: Buffer.from(properties) }, registries as RegistryHosts);

describe('Gradle: what is found', () => {
  it('is a whole build, or a lone script, with all that decides and nothing that was made', () => {
    assert.deepEqual(find(
      'settings.gradle', 'build.gradle', 'app/build.gradle.kts', 'gradle/libs.versions.toml', PROPERTIES, 'gradle.properties', 'app/gradle.lockfile', 'buildSrc/build.gradle',
      'buildSrc/src/main/java/P.java', 'buildSrc/src/test/java/T.java', 'app/build/tmp/build.gradle', 'app/src/test/resources/build.gradle', 'app/src/main/java/A.java', 'gradle/verification-metadata.xml',
    ), [[
      'build.gradle', 'app/build.gradle.kts', 'app/gradle.lockfile', 'buildSrc/build.gradle', 'buildSrc/src/main/java/P.java', 'gradle.properties', 'gradle/libs.versions.toml',
      'gradle/verification-metadata.xml', PROPERTIES, 'settings.gradle',
    ]]);
    assert.deepEqual(find('a/build.gradle', 'b/settings.gradle.kts', 'b/c/build.gradle'), [['a/build.gradle'], ['b/settings.gradle.kts', 'b/c/build.gradle']]);
    assert.deepEqual(find('build.gradle', 'build.gradle.kts').map(([manifest]) => manifest), ['build.gradle']);
  });

  it('comes after a pom.xml in the same folder', () => {
    assert.deepEqual(find('build.gradle', 'pom.xml', 'b/build.gradle').map(([manifest]) => manifest), ['pom.xml', 'build.gradle', 'b/build.gradle']);
  });

  it('names what scripts, catalogues and locks plainly ask for, each with its line', () => {
    assert.deepEqual(asked({ 'build.gradle': [
      "plugins { id 'com.acme.shadow' version '8.1' }", '// implementation "a.b:gone:1"', '/* "a.b:gone:1"', '*/ dependencies {', "  implementation 'junit:junit:4.13.2'",
      '  api("org.acme:open")', '  api "org.acme:later:$version"', "  api group: 'g', name: 'parts', version: '3'", "  compile project(':core'), 'not:coordinates'", "  url 'https://x.invalid/a:b'", '}',
    ].join('\n') }), [
      'build.gradle:1 com.acme.shadow:com.acme.shadow.gradle.plugin 8.1', 'build.gradle:5 junit:junit 4.13.2', 'build.gradle:6 org.acme:open undefined',
      'build.gradle:7 org.acme:later undefined', 'build.gradle:8 g:parts 3',
    ]);
    const catalogue = '[versions]\nj = "5.1"\n[libraries]\njunit = { module = "org.junit:junit", version.ref = "j" }\nacme = "a.b:c:2"\nparts = { group = "g", name = "n", version = "1" }\n[plugins]\nkt = { id = "org.k", version.ref = "j" }\nold = "org.o:7"\n';
    assert.deepEqual(asked({ 'build.gradle': '', 'gradle/libs.versions.toml': catalogue }).map((one) => one.replace('gradle/libs.versions.toml', '')), [
      ':4 org.junit:junit 5.1', ':5 a.b:c 2', ':6 g:n 1', ':8 org.k:org.k.gradle.plugin 5.1', ':9 org.o:org.o.gradle.plugin 7',
    ]);
    const locked = plan({ 'build.gradle': "compile 'g:a:1'", 'gradle.lockfile': '# note\ng:a:1=compileClasspath,runtimeClasspath\ng:b:2=testRuntimeClasspath\nempty=annotationProcessor\n' }, { tools: ['gradle'] });
    assert.deepEqual([locked.packages, locked.requested.map(({ name, version, line }) => [name, version, line])], [2, [['g:a', '1', 2], ['g:b', '2', 3]]]);
  });

  it('refuses a catalogue that cannot be read, with file and line', () => {
    assert.throws(() => plan({ 'build.gradle': '', 'gradle/libs.versions.toml': '[libraries]\na =\n' }, { tools: ['gradle'] }), { code: 'manifest-invalid', details: ['gradle/libs.versions.toml:2'] });
  });
});

describe('Gradle: where it comes from', () => {
  it('is Gradle’s own host, for which the project’s wrapper finds it installed', () => {
    const found = distribution(`${OWN}distributionSha256Sum=${'AB'.repeat(32)}\n`);
    assert.deepEqual([found.version, found.url, found.sha256, found.file], ['8.5', 'https://services.gradle.org/distributions/gradle-8.5-bin.zip', 'ab'.repeat(32), 'gradle-8.5-bin.zip']);
    // What the wrapper itself makes of this address.
    assert.equal(found.place, 'wrapper/dists/gradle-8.5-bin/5t9huq95ubn472n8rpzujfbqh');
    assert.equal(distribution(OWN.replace('https', 'http')).url, found.url, 'never in the clear');
  });

  it('is the user’s mirror, whichever of both the project names; then nothing else is asked', () => {
    const mirrored = distribution(OWN, MIRROR);
    assert.deepEqual([mirrored.url, mirrored.hosts, mirrored.place], ['https://mirror.invalid/gradle/gradle-8.5-bin.zip', ['mirror.invalid', 'files.invalid'], distribution(OWN).place]);
    assert.equal(distribution(OWN.replace('services.gradle.org/distributions', 'mirror.invalid/gradle'), MIRROR).url, mirrored.url);
  });

  for (const address of [
    'https://elsewhere.invalid/distributions/gradle-8.5-bin.zip', 'https://services.gradle.org.elsewhere.invalid/distributions/gradle-8.5-bin.zip', 'https://services.gradle.org@elsewhere.invalid/distributions/gradle-8.5-bin.zip',
    'https://mirror.invalid/other/gradle-8.5-bin.zip', 'https://mirror.invalid/gradle/../other/gradle-8.5-bin.zip', 'https://mirror.invalid:444/gradle/gradle-8.5-bin.zip', 'https://services.gradle.org/other/gradle-8.5-bin.zip',
    'https://services.gradle.org:8443/distributions/gradle-8.5-bin.zip',
  ]) {
    it(`is not ${address}, which is refused with its place`, () => {
      assert.throws(() => distribution(`a=b\ndistributionUrl=${address.replaceAll(':', '\\:')}\n`, MIRROR), (error: { code: string; message: string; details: string[] }) => {
        assert.deepEqual([error.code, error.details], ['source-refused', [`${PROPERTIES}:2`]]);
        assert.ok(error.message.includes(URL.parse(address)!.host), error.message);
        return true;
      });
    });
  }

  for (const text of ['', 'distributionUrl=gradle-8.5-bin.zip', 'distributionUrl=https\\://services.gradle.org/distributions/maven.zip', `${OWN}distributionSha256Sum=none`]) {
    it(`cannot be read from ${JSON.stringify(text)}`, () => assert.throws(() => distribution(text), { code: 'manifest-invalid' }));
  }

  it('fetches only through a door of its own, asks Gradle without any, and resolves with the rest', () => {
    const { steps } = plan({ 'build.gradle': '', [PROPERTIES]: OWN });
    assert.deepEqual(steps.map(({ title, network, hosts }) => [title, network, hosts?.includes('services.gradle.org')]), [['Fetching Gradle 8.5', true, true], ['Asking Gradle', false, undefined], ['Resolving', true, undefined]]);
    assert.deepEqual(steps[1]!.registries!('petri-registry https://plugins.registry.invalid/m2'), ['https://plugins.registry.invalid/m2', 'https://plugins-artifacts.registry.invalid/m2']);
    assert.deepEqual(steps[1]!.registries!('say petri-registry https://evil.invalid'), []);
    assert.equal(steps[2]!.registries, undefined, 'the project’s scripts run there');
    assert.deepEqual(plan({ 'build.gradle': '', [PROPERTIES]: OWN }, { mirrors: { maven: 'https://mirror.invalid/m2' } }).steps.map(({ title }) => title), ['Fetching Gradle 8.5', 'Resolving']);
  });

  it('is the image’s own without a wrapper; without both nothing is installed, and one sentence says why', () => {
    assert.deepEqual(plan({ 'build.gradle': '' }, { tools: ['gradle'] }).steps.map(({ title }) => title), ['Asking Gradle', 'Resolving']);
    const { steps, notices } = plan({ 'build.gradle': '' });
    assert.deepEqual(steps, []);
    assert.match(notices![0]!, /build\.gradle.*no wrapper.*gradle wrapper/);
  });

  it('keeps every word a word in its scripts', () => {
    const { steps, files } = plan({ "it's $(id)/build.gradle": '', [`it's $(id)/${PROPERTIES}`]: OWN }, { mirrors: { maven: "https://m.invalid/'$&" } });
    for (const { script } of steps) assert.equal(spawnSync('sh', ['-n', '-c', script]).status, 0);
    assert.ok(steps.at(-1)!.script.includes(`'/sandbox/workspace/it'\\''s $(id)'`));
    assert.ok(files!.some(({ content }) => content.toString().includes("mirror = 'https://m.invalid/%27$&'")));
  });
});

describe('Gradle: what it says', () => {
  const where = "* Where:\nBuild file '/sandbox/deps/scratch/project/app/build.gradle' line: 7\n\n";
  for (const [said, code, message] of [
    ["> Could not find org.acme:gone:9.9.\n  Searched in", 'package-unknown', /no.*org\.acme:gone 9\.9/i],
    ["> Could not resolve org.acme:a:1.\n  > Could not GET 'https://elsewhere.invalid/a.pom'.\n  > Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 403 no\"", 'source-refused', /elsewhere\.invalid/],
    ["Plugin [id: 'org.acme.x', version: '3'] was not found in any of", 'package-unknown', /plugin org\.acme\.x 3/],
    ["startup failed:\nbuild file '/sandbox/deps/scratch/project/app/build.gradle': 5: unexpected token: } @ line 5", 'manifest-invalid', /app\/build\.gradle.*unexpected token/],
    ['> Unsupported class file major version 65', 'version-conflict', /Java 21/],
    ["Did not resolve 'g:a:1' which is part of the dependency lock state", 'version-conflict', /g:a:1/],
    ['Dependency verification failed for configuration', 'hash-mismatch', /verification-metadata/],
    ['Cannot find a Java installation on your machine matching: {languageVersion=17', 'version-conflict', /Java 17/],
    [`${where}* What went wrong:\nA problem occurred evaluating root project 'x'.\n> no such thing`, 'build-failed', /no such thing/],
  ] as const) {
    it(`is explained: ${said.slice(0, 70).replaceAll('\n', ' ')}`, () => {
      const explained = explainGradle('')(said);
      assert.deepEqual([explained?.code, message.test(explained?.message ?? '')], [code, true], explained?.message);
    });
  }

  it('has its place', () => {
    const { path, line } = explainGradle('')(`${where}* What went wrong:\nA problem.\n> no`)!;
    assert.deepEqual([path, line], ['app/build.gradle', 7]);
  });

  it('about a distribution that is none, or another one, names it and the host', () => {
    const explain = explainFetch(distribution(OWN, MIRROR), PROPERTIES);
    for (const [said, code] of [['sha256 abc', 'hash-mismatch'], ['status 404', 'package-unknown'], ['zip x', 'install-failed'], ['status 500', 'registry-unreachable']] as const) {
      const explained = explain(`petri-fetch-failed ${said}`);
      assert.deepEqual([explained?.code, /Gradle 8\.5.*mirror\.invalid|mirror\.invalid.*Gradle 8\.5/.test(explained?.message ?? '')], [code, true], explained?.message);
    }
  });
});
