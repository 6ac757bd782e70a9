import assert from 'node:assert/strict';
import { componentsOf, namesOf } from '../support/billOfMaterials';
import { openBench, type Bench } from '../support/petri';

const POM = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>app</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>org.json</groupId><artifactId>json</artifactId><version>20240303</version></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency>
  </dependencies>
</project>
`;
const MAIN = 'package app;\npublic class Main { static String text() { return new org.json.JSONObject().put("a", 1).toString(); } }\n';
const TEST = 'package app;\npublic class MainTest { @org.junit.Test public void text() { org.junit.Assert.assertEquals("{\\"a\\":1}", Main.text()); } }\n';

describe('Java dependencies', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench?.close());

  it('are installed by Maven on the first run: the suite runs without a network, and the bill of materials lists what Maven lists', async () => {
    const { sandbox } = await bench.folderSandbox({ 'pom.xml': POM, 'src/main/java/app/Main.java': MAIN, 'src/test/java/app/MainTest.java': TEST }, 'java');
    const first = await bench.run(sandbox, ['mvn', '-o', '-Dstyle.color=never', 'test', 'dependency:list'], { env: { MAVEN_OPTS: '-XX:TieredStopAtLevel=1' } });
    const said = first.stdout.toString();
    assert.deepEqual([first.done.exit_code, first.stderr.toString()], [0, ''], said);
    assert.match(said, /Tests run: 1, Failures: 0, Errors: 0, Skipped: 0\n\n/);
    assert.match(first.installed, /Downloaded from/);

    const listed = [...said.matchAll(/^\[INFO\] {4}([\w.-]+):([\w.-]+):jar:([\w.-]+):\w+/gm)].map(([, group, name, version]) => `${group}/${name} ${version}`).sort();
    assert.deepEqual(listed, ['junit/junit 4.13.2', 'org.hamcrest/hamcrest-core 1.3', 'org.json/json 20240303']);
    const own = await componentsOf(bench, first.done.run_id, 'maven');
    assert.deepEqual(namesOf(own), listed);
    assert.deepEqual(own.flatMap(({ properties = [] }) => properties.filter(({ name }) => name === 'petri:warning')), [], 'the gateway saw each of them');

    await bench.settled(sandbox);
    const second = await bench.run(sandbox, ['test', '-f', 'target/classes/app/Main.class']);
    assert.deepEqual([second.done.exit_code, second.installed], [0, '']);
  });
});
