import assert from 'node:assert/strict';
import { registryHosts } from '../../../src/engine/gateway/registryHosts';
import { openDoor } from '../../../src/engine/gateway/openDoor';
import type { Decision } from '../../../src/engine/gateway/door';
import type { Language } from '../../../src/protocol/sandbox';
import { openBench, type Bench } from '../support/petri';
import { runBehind, SANDBOX } from './support/behindDoor';

/** One package each, by the tool's own defaults, as an install would do it. */
const INSTALLS: Record<Language, { script: string; says: RegExp }> = {
  python: { script: 'pip download --no-cache-dir -d out six 2>&1 && ls out', says: /six-.*\.whl/ },
  node: { script: 'npm init -y > /dev/null && npm install --no-progress is-number 2>&1 && node -p "require(\'is-number\')(4)"', says: /\ntrue\n$/ },
  go: {
    script: 'export GOPATH=$HOME/go GOCACHE=$HOME/cache; go mod init x 2> /dev/null; go get github.com/google/uuid@v1.6.0 2>&1 && cat go.sum && git --version > /dev/null 2>&1; true',
    says: /google\/uuid v1\.6\.0 h1:/,
  },
  java: { script: 'mvn -B -q -Dmaven.repo.local=$HOME/m2 dependency:get -Dartifact=junit:junit:4.13.2 2>&1; ls $HOME/m2/junit/junit/4.13.2', says: /junit-4\.13\.2\.jar\n/ },
};

describe('installs through the gateway', function () {
  this.timeout(600_000);
  let bench: Bench;
  before(async () => { bench = await openBench(); });
  after(() => bench.close());

  for (const [language, { script, says }] of Object.entries(INSTALLS)) {
    it(`${language}: the image's own tools download from their registries with nothing but GET and HEAD`, async () => {
      const { deps } = bench;
      const image = await deps.images.resolve({ language, image: null }, () => undefined);
      const registries = await registryHosts(deps, image);
      assert.notEqual(registries.hosts.length, 0);
      const door = await openDoor(deps, { sandboxId: SANDBOX, runId: '', hosts: registries });
      let decisions: Decision[];
      try {
        const { out, exitCode } = await runBehind(deps, door, script, { image: image.id, registries });
        decisions = door.decisions();
        assert.match(out, says, out + JSON.stringify(decisions.filter(({ allowed }) => !allowed)));
        assert.equal(exitCode, 0);
      } finally {
        await door.close();
      }
      const answered = decisions.filter(({ allowed, status }) => allowed && status === 200);
      assert.ok(answered.length > 0);
      for (const { host, method, address, sha256 } of answered) {
        assert.ok(registries.hosts.includes(host) && ['GET', 'HEAD'].includes(method) && address);
        assert.match(sha256!, /^[0-9a-f]{64}$/);
      }
      assert.ok(answered.some(({ bytes }) => bytes > 1000));
      assert.deepEqual(decisions.filter(({ allowed }) => !allowed), []);
      const left = await bench.onEngine();
      assert.deepEqual([left.containers, left.networks], [[], []]);
    });
  }
});
