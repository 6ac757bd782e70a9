import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { explainMaven } from '../../../src/engine/dependencies/java/explainMaven';
import { javaAdapter } from '../../../src/engine/dependencies/java/javaAdapter';
import { readWrapper } from '../../../src/engine/dependencies/java/wrapper';

const project = (inside: string, artifact = 'app') => `<?xml version="1.0"?>
<project>
<modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>${artifact}</artifactId><version>1.0</version>
${inside}
</project>
`;
const dependency = (group: string, artifact: string, version?: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${version === undefined ? '' : `<version>${version}</version>`}</dependency>`;

function plan(all: Record<string, string>) {
  const [first] = javaAdapter.find(Object.keys(all));
  return javaAdapter.plan(first!, Object.entries(all).map(([path, content]) => ({ path, content: Buffer.from(content) })), {
    registries: { hosts: ['registry.invalid'], aliases: {} } as never,
  });
}
const asked = (all: Record<string, string>) => plan(all).requested.map(({ name, version, line }) => `${line} ${name} ${version}`);

describe('Maven: what is found and asked for', () => {
  it('finds projects outermost first, and no test data', () => {
    const paths = ['b/pom.xml', 'pom.xml', 'src/test/resources/it/pom.xml', 'target/classes/pom.xml', 'gradle/app/build.gradle.kts', 'b/build.gradle'];
    assert.deepEqual(javaAdapter.find(paths).map(({ manifest }) => manifest), ['pom.xml', 'b/pom.xml', 'b/build.gradle', 'gradle/app/build.gradle.kts']);
    assert.deepEqual(javaAdapter.find(paths)[0]?.inputs, ['pom.xml', 'b/pom.xml']);
  });

  it('names dependencies, plugins and extensions, with properties and managed versions filled in', () => {
    const pom = project(`<properties><junit.version>5.11.0</junit.version><a>\${b}</a><b>\${a}</b></properties>
<dependencyManagement><dependencies>${dependency('g', 'managed', '2.0')}</dependencies></dependencyManagement>
<dependencies>${dependency('org.junit.jupiter', 'junit-jupiter', '${junit.version}')}
${dependency('g', 'managed')}${dependency('g', 'open')}${dependency('g', 'circle', '${a}')}</dependencies>
<build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.0</version></plugin></plugins></build>`);
    assert.deepEqual(asked({ 'pom.xml': pom }), [
      '6 org.junit.jupiter:junit-jupiter 5.11.0', '7 g:managed 2.0', '7 g:open undefined', '7 g:circle undefined', '8 org.apache.maven.plugins:maven-surefire-plugin 3.5.0',
    ]);
  });

  it('takes modules for the project’s own, and reads their parents', () => {
    const parent = project(`<modules><module>api</module></modules><properties><v>3.1</v></properties>`, 'parent');
    const api = `<project><parent><groupId>com.example</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>api</artifactId>
<dependencies>${dependency('com.example', 'parent', '1.0')}${dependency('g', 'x', '${v}')}</dependencies></project>`;
    assert.deepEqual(asked({ 'pom.xml': parent, 'api/pom.xml': api }), ['2 g:x 3.1']);
    assert.deepEqual(javaAdapter.includes!({ language: 'java', root: 'api', manifest: 'api/pom.xml', inputs: [] }, [{ path: 'api/pom.xml', content: Buffer.from(api) }]), ['pom.xml']);
  });

  it('names every repository that is not the configured one as a source, with its line', () => {
    const pom = project(`<repositories><repository><id>ok</id><url>https://registry.invalid/m2</url></repository>
<repository><id>evil</id><url>https://elsewhere.invalid/m2</url></repository></repositories>
<pluginRepositories><pluginRepository><id>p</id><url>http://plugins.invalid</url></pluginRepository></pluginRepositories>
<profiles><profile><id>snap</id><repositories><repository><id>s</id><url>https://snap.invalid</url></repository></repositories></profile></profiles>`);
    const { requested, notices } = plan({ 'pom.xml': pom });
    assert.deepEqual(requested.map(({ line, source }) => [line, source?.kind, source?.address]), [
      [5, 'registry', 'https://elsewhere.invalid/m2'], [6, 'registry', 'http://plugins.invalid'],
    ]);
    assert.match(notices![0]!, /snap\.invalid.*profile snap/);
  });

  it('stands in for the wrapper, where it looks first, and says so', () => {
    const properties = 'distributionType=only-script\ndistributionUrl=https://registry.invalid/org/apache/maven/apache-maven/3.9.12/apache-maven-3.9.12-bin.zip\n';
    const all = { 'pom.xml': project(''), '.mvn/wrapper/maven-wrapper.properties': properties };
    assert.match(plan(all).notices![0]!, /asks for Maven 3\.9\.12/);
    const wrapper = readWrapper(Buffer.from(properties))!;
    // The wrapper's own function, in its own shell.
    const { stdout } = spawnSync('sh', ['-c', `str=$1 h=0; while [ -n "$str" ]; do char="\${str%"\${str#?}"}"; h=$(((h * 31 + $(LC_CTYPE=C printf %d "'$char")) % 4294967296)); str="\${str#?}"; done; printf %x $h`,
      'sh', /=(https.*)/.exec(properties)![1]!]);
    assert.equal(wrapper.place, `wrapper/dists/apache-maven-3.9.12/${stdout.toString()}`);
    assert.equal(javaAdapter.environment(javaAdapter.find(Object.keys(all))[0]!).MAVEN_USER_HOME, '/sandbox/deps/java/home');
    assert.equal(readWrapper(Buffer.from('distributionUrl=https://x.invalid/../../../etc')), undefined);
  });

  it('keeps every word of a path a word in the script', () => {
    const { steps } = plan({ "it's $(id)/pom.xml": project('') });
    assert.equal(spawnSync('sh', ['-n', '-c', steps[0]!.script]).status, 0);
    assert.ok(steps[0]!.script.includes(`'/sandbox/workspace/it'\\''s $(id)'`));
  });

  for (const [what, text, line] of [
    ['an element that is never closed', '<project>\n<dependencies>\n</project>', 3],
    ['something else', '<html/>', 1],
    ['no artifact', '<project>\n</project>', 1],
    ['a dependency without a name', project('<dependencies>\n<dependency/></dependencies>'), 5],
    ['an empty file', '', 1],
    ['bytes that are no text', '\u0000\u0001', 1],
    ['a million open elements', '<a>'.repeat(1_000_000), 1],
  ] as const) {
    it(`refuses ${what}, with file and line`, () => {
      assert.throws(() => plan({ 'pom.xml': text }), { code: 'manifest-invalid', details: [`pom.xml:${line}`] });
    });
  }

  it('expands no entity, in no time', () => {
    const bomb = `<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(10)}">`).join('')}<!ENTITY x SYSTEM "file:///etc/passwd">]>`;
    const started = performance.now();
    const names = asked({ 'pom.xml': bomb + project(`<dependencies>${dependency('g', 'x&a19;&x;')}</dependencies>`).replace(/^<\?xml.*\n/, '') });
    assert.ok(names[0]!.length < 100 && !names[0]!.includes('root:'), names[0]);
    assert.ok(performance.now() - started < 1000);
  });
});

describe('Maven: progress and explanations', () => {
  it('counts archives as they arrive', () => {
    const { progress } = plan({ 'pom.xml': project('') }).steps[0]!;
    assert.equal(progress!('[INFO] Downloaded from central: https://r.invalid/m/org/x/y/1.0/y-1.0.pom (1 kB at 1 kB/s)'), undefined);
    assert.deepEqual(progress!('[INFO] Downloaded from central: https://r.invalid/m/org/x/y/1.0/y-1.0.jar (1 kB at 1 kB/s)'), { message: 'y 1.0', done: 1 });
  });

  // What Maven 3.9 really says; registries' names are taken out.
  for (const [said, code, message] of [
    ['[ERROR] Failed to execute goal on project app: Could not resolve dependencies for project com.example:app:jar:1.0\n[ERROR] dependency: org.nosuch:thing:jar:1.0 (compile)\n[ERROR] \tCould not find artifact org.nosuch:thing:jar:1.0 in central (https://r.invalid/m)', 'package-unknown', /no org\.nosuch:thing 1\.0/],
    ['[FATAL] Non-resolvable parent POM for com.example:app:1.0: The following artifacts could not be resolved: org.nosuch:parent:pom:9 (absent): Could not find artifact org.nosuch:parent:pom:9 in central', 'package-unknown', /org\.nosuch:parent 9, which the project names as its parent/],
    ["[ERROR] 'dependencies.dependency.version' for org.x:y:jar is missing. @ line 12, column 17", 'manifest-invalid', /version is missing for org\.x:y:jar/],
    ['[ERROR] Could not transfer artifact a:b:jar:1 from/to evil (https://evil.invalid): status code: 403, reason phrase: Forbidden (403)', 'source-refused', /a:b 1 was asked for at evil/],
    ['PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException', 'tls-untrusted', /not trusted/],
    ['Could not transfer artifact a:b:pom:1 from/to central (https://r.invalid): Connect to 127.0.0.1:9 failed: Connection refused', 'registry-unreachable', /could not be reached/],
    ['Could not transfer artifact a:b:jar:1 from/to central (https://r.invalid): transfer failed for https://r.invalid/b.jar, status: 502 the name r.invalid cannot be resolved (EAI_AGAIN)\n'
      + 'Could not transfer artifact a:b:jar:1 from/to other (https://o.invalid): authorization failed for https://o.invalid/b.jar, status: 403 o.invalid is not a package registry of this sandbox', 'registry-unreachable', /could not be reached/],
    ['No versions available for a:b:jar:[9,) within specified range', 'version-conflict', /no version of a:b/],
    ['Checksum validation failed, expected x but is y', 'hash-mismatch', /checksum/],
  ] as const) {
    it(`explains: ${said.slice(0, 80).replaceAll('\n', ' ')}`, () => {
      const explained = explainMaven('')(said);
      assert.deepEqual([explained?.code, message.test(explained?.message ?? '')], [code, true], explained?.message);
    });
  }
});
