import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import JSZip from 'jszip';
import { componentsOf, namesOf } from '../support/billOfMaterials';
import { openStage, type Stage } from '../network/support/upstream';

/**
 * Stands in for Gradle, whose distributions only Gradle's own host has: asked as Petri asks it, it answers as Gradle does, and it downloads
 * through the door that it is given. Everything around it is real: the mirror, the zip, the gateway, the install, the runs.
 */
const STAND_IN = `#!/bin/sh
case "$*" in
*' help') [ -z "$HTTPS_PROXY" ] || exit 9; echo 'petri-registry https://registry.test/m2' ;;
*petriResolve)
  echo 4.4.1 > /sandbox/deps/scratch/gradle-version
  : > /sandbox/deps/java/dependencies.txt
  grep -q implementation build.gradle || exit 0
  files=$GRADLE_USER_HOME/caches/modules-2/files-2.1/org.acme/lib/1.0/0123456789
  mkdir -p "$files" "$GRADLE_USER_HOME/caches/modules-2/metadata-2.36" "$GRADLE_USER_HOME/daemon"
  touch "$GRADLE_USER_HOME/caches/modules-2/modules-2.lock"
  echo resolved > "$GRADLE_USER_HOME/caches/modules-2/metadata-2.36/module.bin"
  java -XX:TieredStopAtLevel=1 "$(dirname "$(readlink -f "$0")")/Get.java" https://registry.test/m2/org/acme/lib/1.0/lib-1.0.jar "$files/lib-1.0.jar" || exit 1
  [ ! -e build ] || exit 8
  echo '   org.acme:lib:jar:1.0:compileClasspath' > /sandbox/deps/java/dependencies.txt
  echo 'Resolved org.acme:lib 1.0' ;;
test)
  caches=$GRADLE_USER_HOME/caches/modules-2
  cat "$caches"/files-2.1/org.acme/lib/1.0/*/lib-1.0.jar "$caches/metadata-2.36/module.bin" && echo more >> "$caches/metadata-2.36/module.bin" || exit 1
  cat "$GRADLE_USER_HOME"/init.d/petri-offline.gradle
  [ -e "$GRADLE_RO_DEP_CACHE/modules-2" ] && [ ! -e "$GRADLE_RO_DEP_CACHE/modules-2/modules-2.lock" ] && [ ! -w "$GRADLE_RO_DEP_CACHE" ] ;;
*) exit 7 ;;
esac
`;
const GET = `public class Get {
  public static void main(String[] a) throws Exception {
    try (java.io.InputStream in = new java.net.URL(a[0]).openStream()) { java.nio.file.Files.copy(in, java.nio.file.Paths.get(a[1])); }
  }
}
`;
const PROPERTIES = 'gradle/wrapper/gradle-wrapper.properties';
const JAR = 'what is in it\n';

describe('a Gradle build with a wrapper', function () {
  this.timeout(180_000);
  let stage: Stage;
  let sum: string;
  before(async () => {
    const zip = new JSZip();
    zip.file('gradle-4.4.1/bin/gradle', STAND_IN);
    zip.file('gradle-4.4.1/bin/Get.java', GET);
    const distribution = await zip.generateAsync({ type: 'nodebuffer' });
    sum = createHash('sha256').update(distribution).digest('hex');
    stage = await openStage({ 'registry.test': [['self']] }, {
      env: { PETRI_REGISTRIES: 'gradle=https://registry.test/dist' },
      files: { '/dist/gradle-4.4.1-bin.zip': distribution.toString('base64'), '/m2/org/acme/lib/1.0/lib-1.0.jar': Buffer.from(JAR).toString('base64') },
    });
  });
  after(() => stage?.close());

  const properties = (more = '', host = 'services.gradle.org/distributions') => `distributionUrl=https\\://${host}/gradle-4.4.1-bin.zip\n${more}`;
  const folderWith = (wrapper: string) => stage.bench.folderSandbox({ 'build.gradle': "dependencies { implementation 'org.acme:lib:1.0' }\n", 'build/made': '', [PROPERTIES]: wrapper }, 'java');
  const asked = async () => (await stage.upstream.requests()).map(({ url }) => url);

  it('gets the Gradle that it asks for from the mirror, what it resolves, and both in runs without a network; the second run installs nothing', async () => {
    const { sandbox } = await folderWith(properties(`distributionSha256Sum=${sum}\n`));
    const first = await stage.bench.run(sandbox, ['gradle', 'test']);
    assert.deepEqual([first.done.exit_code, first.stdout.toString(), first.stderr.toString()], [0, `${JAR}resolved\n// Runs have no network.\ngradle.startParameter.offline = true\n`, ''], first.installed);
    assert.deepEqual(await asked(), ['/dist/gradle-4.4.1-bin.zip', '/m2/org/acme/lib/1.0/lib-1.0.jar']);
    const own = await componentsOf(stage.bench, first.done.run_id, 'maven');
    assert.deepEqual([namesOf(own), own.flatMap(({ properties: notes = [] }) => notes.filter(({ name }) => name === 'petri:warning'))], [['org.acme/lib 1.0'], []]);

    await stage.bench.settled(sandbox);
    const second = await stage.bench.run(sandbox, ['sh', '-c', 'gradle test && ls -A ~/.gradle/wrapper/dists/*/* && cat ~/.gradle/wrapper/dists/*/*/gradle-4.4.1/bin/Get.java']);
    assert.deepEqual([second.done.exit_code, second.installed, second.stderr.toString()], [0, '', '']);
    // What the first run wrote to its caches is still there: they are copied once for a set, not once for a run.
    assert.equal(second.stdout.toString(), `${JAR}resolved\nmore\n// Runs have no network.\ngradle.startParameter.offline = true\ngradle-4.4.1\ngradle-4.4.1-bin.zip.ok\n${GET}`);
  });

  it('is refused a Gradle that is not the one it says, or that comes from elsewhere, by name', async () => {
    const { sandbox, folder } = await folderWith(properties(`distributionSha256Sum=${'0'.repeat(64)}\n`));
    await assert.rejects(stage.bench.run(sandbox, ['true']), { code: 'hash-mismatch', message: new RegExp(`registry\\.test.*${sum}`), details: [PROPERTIES] });
    const before = (await asked()).length;
    folder.write(PROPERTIES, properties('', 'elsewhere.test'));
    await assert.rejects(stage.bench.run(sandbox, ['true']), { code: 'source-refused', message: /elsewhere\.test/, details: [`${PROPERTIES}:1`] });
    assert.equal((await asked()).length, before);
    folder.write(PROPERTIES, properties(`distributionSha256Sum=${sum}\n`));
    folder.write('build.gradle', '');
    const bare = await stage.bench.run(sandbox, ['sh', '-c', 'readlink -f "$(command -v gradle)"']);
    assert.deepEqual([bare.stdout.toString(), stage.deps.store.listDependencySets({ sandboxId: sandbox, limit: 1 })[0]!.packages], ['/sandbox/deps/gradle/distribution/gradle-4.4.1/bin/gradle\n', 0], 'a build that asks for nothing');
  });
});
