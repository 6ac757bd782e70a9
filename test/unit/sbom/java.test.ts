import assert from 'node:assert/strict';
import { javaContents, parseList } from '../../../src/engine/sbom/java';
import { licenceText } from '../../../src/engine/sbom/licences';
import { purlOf } from '../../../src/engine/sbom/purl';
import { MemoryReader } from './memoryReader';

const LIST = '\nThe following files have been resolved:\n   com.acme:lib:jar:1.0:compile -- module com.acme.lib\n   com.acme:core:jar:tests:2.0:test\n\n';
const M2 = '/sandbox/deps/m2';
const read = (files: ConstructorParameters<typeof MemoryReader>[0]) => javaContents(new MemoryReader(files), M2, '/sandbox/deps/java');

describe('Maven artefacts of a dependency set', () => {
  it('are what Maven’s own list names, not what else lies in the repository; licences come from parents, too', async () => {
    const { packages } = await read({
      '/sandbox/deps/java/dependencies.txt': LIST,
      [`${M2}/com/acme/lib/1.0/lib-1.0.jar`]: 'jar', [`${M2}/org/apache/maven/plugins/x/1/x-1.jar`]: 'plugin',
      [`${M2}/com/acme/lib/1.0/lib-1.0.pom`]: '<project><parent><groupId>com.acme</groupId><artifactId>parent</artifactId><version>9</version></parent><artifactId>lib</artifactId><dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency></dependencies></project>',
      [`${M2}/com/acme/parent/9/parent-9.pom`]: '<project><licenses><license><name>The Apache Software License, Version 2.0</name></license></licenses></project>',
      [`${M2}/com/acme/core/2.0/core-2.0-tests.jar`]: 'tests',
    });
    assert.deepEqual(packages.map(purlOf), ['pkg:maven/com.acme/core@2.0?classifier=tests', 'pkg:maven/com.acme/lib@1.0']);
    assert.deepEqual(packages.map((one) => licenceText(one.licences)), ['', 'Apache-2.0']);
    assert.deepEqual(packages[1]?.dependsOn, ['pkg:maven/com.acme/core@2.0?classifier=tests']);
    assert.match(packages[1]?.artefact?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(packages.map((one) => one.warnings), [[], []]);
  });

  it('are found where Gradle keeps them, each file by its digest; what only a platform is has its pom', async () => {
    const caches = '/sandbox/deps/gradle/home/caches/modules-2/files-2.1';
    const files = {
      '/sandbox/deps/java/dependencies.txt': '   com.acme:lib:jar:1.0+2:compileClasspath\n   com.acme:bom:pom:1:compileClasspath\n',
      [`${caches}/com.acme/lib/1.0+2/aa/lib-1.0+2.jar`]: 'jar',
      [`${caches}/com.acme/lib/1.0+2/bb/lib-1.0+2.pom`]: '<project><groupId>com.acme</groupId><artifactId>lib</artifactId><version>1.0+2</version><licenses><license><name>MIT</name></license></licenses></project>',
      [`${caches}/com.acme/bom/1/cc/bom-1.pom`]: '<project><groupId>com.acme</groupId><artifactId>bom</artifactId><version>1</version></project>',
    };
    const { packages, incomplete } = await javaContents(new MemoryReader(files), M2, '/sandbox/deps/java', caches);
    assert.deepEqual(packages.map((one) => [purlOf(one), licenceText(one.licences), one.location, one.warnings]), [
      ['pkg:maven/com.acme/bom@1?type=pom', '', `${caches}/com.acme/bom/1/cc/bom-1.pom`, []],
      ['pkg:maven/com.acme/lib@1.0+2', 'MIT', `${caches}/com.acme/lib/1.0+2/aa/lib-1.0+2.jar`, []],
    ]);
    assert.deepEqual([incomplete, packages.every(({ artefact }) => artefact)], [[], true]);
  });

  it('are all that lies there, and said to be, when no list was left', async () => {
    const { packages, incomplete } = await read({ [`${M2}/a/b/1/b-1.jar`]: 'x' });
    assert.deepEqual([packages.map(purlOf), incomplete.length], [['pkg:maven/a/b@1'], 1]);
  });

  it('outlive poms that are broken, deep, in a ring, or full of entities', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><project><artifactId>&b;</artifactId></project>';
    const ring = '<project><parent><groupId>com.acme</groupId><artifactId>lib</artifactId><version>1.0</version></parent></project>';
    for (const pom of ['<project', `<project>${'<a>'.repeat(100_000)}`, bomb, ring]) {
      const { packages } = await read({ '/sandbox/deps/java/dependencies.txt': LIST, [`${M2}/com/acme/lib/1.0/lib-1.0.pom`]: pom });
      assert.equal(packages.length, 2, pom.slice(0, 40));
    }
  });

  it('are read out of the list as Maven writes it', () => {
    assert.deepEqual(parseList('[INFO]    a.b:c-d:jar:1.0-SNAPSHOT:runtime\n   none\n').map(({ group, artifact, version, scope }) => [group, artifact, version, scope]), [['a.b', 'c-d', '1.0-SNAPSHOT', 'runtime']]);
  });
});
