import assert from 'node:assert/strict';
import type { InstallStep, Requested } from '../../../src/engine/dependencies/adapter';
import { failureOf } from '../../../src/engine/dependencies/failure';
import { explainGo } from '../../../src/engine/dependencies/go/explainGo';
import { explainMaven } from '../../../src/engine/dependencies/java/explainMaven';
import { explainNode } from '../../../src/engine/dependencies/node/explain';
import { explainPip } from '../../../src/engine/dependencies/python/explain';
import { watchRegistries } from '../../../src/engine/dependencies/registryWatch';
import type { PetriError } from '../../../src/engine/errors';
import type { Decision } from '../../../src/engine/gateway/door';

const step = (explain: InstallStep['explain']): InstallStep => ({ title: 'Downloading', network: true, script: '', environment: {}, explain });
const seen = (more: Partial<Decision>): Decision => ({ at: 0, host: 'index.test', port: 443, address: null, method: 'GET', path: '/', status: null, bytes: 0, sha256: null, allowed: false, rule: 'registry', ...more });
const answer = (status = 200) => seen({ allowed: true, status });
const failed = (explain: InstallStep['explain'], said: string, requested: Requested[] = [], decisions: Decision[] = []) => failureOf(step(explain), said, 1, { decisions, requested });
const asked = (name: string, path: string, line: number): Requested => ({ name, path, line });

/** As pip 25.1 says it, and install.py hands it on. */
const PIP_CONFLICT = `Collecting urllib3==1.20
ERROR: Cannot install Requests==2.31.0 and urllib3==1.20 because these package versions have conflicting dependencies.

The conflict is caused by:
    The user requested urllib3==1.20
    requests 2.31.0 depends on urllib3<3 and >=1.21.1

ERROR: ResolutionImpossible: for help visit the documentation
`;
/** npm 9.2. */
const NPM_CONFLICT = `npm ERR! code ERESOLVE
npm ERR! ERESOLVE unable to resolve dependency tree
npm ERR! 
npm ERR! While resolving: a@1.0.0
npm ERR! Found: react@16.0.0
npm ERR! node_modules/react
npm ERR!   react@"16.0.0" from the root project
npm ERR! 
npm ERR! Could not resolve dependency:
npm ERR! peer react@"^18.2.0" from react-dom@18.2.0
npm ERR! node_modules/react-dom
`;

describe('a failed install', () => {
  it('says where the manifest asks for what failed, and leaves the tool\'s own words to the log', () => {
    const error = failed(explainPip, PIP_CONFLICT, [asked('requests', 'requirements.txt', 1), asked('six', 'requirements.txt', 2), asked('urllib3', 'base.txt', 7)]);
    assert.deepEqual([error.code, error.details], ['version-conflict', ['requirements.txt:1', 'base.txt:7']]);
    assert.equal(error.message, 'requirements.txt:1: These do not go together: Requests==2.31.0 and urllib3==1.20. The user requested urllib3==1.20; requests 2.31.0 depends on urllib3<3 and >=1.21.1.');
  });

  const words: Array<[string, string, string, RegExp]> = [
    ['npm: peers', NPM_CONFLICT, 'version-conflict', /^package\.json:4: These do not go together: react-dom@18\.2\.0 needs react \^18\.2\.0, and react@16\.0\.0 is asked for\.$/],
    ['npm: no such version', 'npm ERR! code ETARGET\nnpm ERR! notarget No matching version found for react@99.0.0.\nnpm ERR! notarget In most cases', 'version-conflict', /^package\.json:4: .*react@99\.0\.0\.$/],
    ['npm: another platform', 'npm ERR! code EBADPLATFORM\nnpm ERR! notsup Unsupported platform for react@0.25.0: wanted {"os":"win32"}\n', 'no-build-for-platform', /^package\.json:4: react@0\.25\.0 is not made/],
    ['Yarn 1: no such version', 'error Couldn\'t find any versions for "react" that matches "99.0.0"\n', 'version-conflict', /^package\.json:4: .*fits react@99\.0\.0\.$/],
    ['Yarn 1: no such package', 'error Couldn\'t find package "react" on the "npm" registry.\n', 'package-unknown', /^package\.json:4: .*named react\.$/],
    ['Yarn 4: no such version', '➤ YN0000: ┌ Resolution step\n➤ YN0082: │ react@npm:99.0.0: No candidates found\n➤ YN0000: └ Completed\n', 'version-conflict', /^package\.json:4: .*fits react@99\.0\.0\.$/],
    ['Yarn 4: no such package', '➤ YN0035: │ react@npm:1.0.0: Package not found\n➤ YN0035: │   Response Code: 404 (Not Found)\n', 'package-unknown', /^package\.json:4: .*named react\.$/],
  ];
  for (const [what, said, code, message] of words) {
    it(`is told in one sentence: ${what}`, () => {
      const error = failed(explainNode(undefined), said, [asked('react', 'package.json', 4)]);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.action);
    });
  }

  const MODULE = 'example.test/nobody/nothing';
  const elsewhere: Array<[string, InstallStep['explain'], string, string, RegExp]> = [
    ['Go: no such module', explainGo(''), `go: ${MODULE}@v1.0.0: reading https://index.test/${MODULE}/@v/v1.0.0.mod: 404 Not Found\n\tserver response: not found\n`, MODULE, /^go\.mod:4: The registry has no example\.test\/nobody\/nothing v1\.0\.0\.$/],
    ['Go: asked for by another', explainGo(''), `go: example.test/a@v1.0.0 requires\n\t${MODULE}@v1.0.0: reading https://index.test/x.mod: 410 Gone\n`, MODULE, /^go\.mod:4: The registry has no example\.test\/nobody\/nothing v1\.0\.0\.$/],
    ['Go: a newer Go', explainGo(''), `go: ${MODULE}@v1.0.0 requires go >= 1.30 (running go 1.24.4; GOTOOLCHAIN=local)\n`, MODULE, /^go\.mod:4: .*needs Go 1\.30; the image has 1\.24\.4, and no newer one could be fetched\.$/],
    ['Go: another hash', explainGo(''), `go: verifying ${MODULE}@v1.0.0: checksum mismatch\n`, MODULE, /^go\.mod:4: .*is not what go\.sum/],
    ['Maven: no such artefact', explainMaven(''), '[ERROR] dependency: a.b:c:jar:9.9.9 (compile)\n[ERROR] \tCould not find artifact a.b:c:jar:9.9.9 in central (https://index.test/maven2)\n', 'a.b:c', /^go\.mod:4: The registry has no a\.b:c 9\.9\.9\.$/],
    ['Maven: no such version', explainMaven(''), 'No versions available for a.b:c:jar:[9,10) within specified range\n', 'a.b:c', /^go\.mod:4: .*no version of a\.b:c \[9,10\)/],
    ['Maven: no such parent', explainMaven(''), '[FATAL] Non-resolvable parent POM for x:x:1: Could not find artifact a.b:c:pom:3 in central\n', 'a.b:c', /^go\.mod:4: .*no a\.b:c 3, which the project names as its parent/],
    ['Maven: no such plugin', explainMaven(''), '[ERROR] Plugin a.b:c:1 or one of its dependencies could not be resolved:\n', 'a.b:c', /^go\.mod:4: .*plugin a\.b:c/],
  ];
  for (const [what, explain, said, name, message] of elsewhere) {
    it(`names the line that asks for it: ${what}`, () => assert.match(failed(explain, said, [asked('another', 'go.mod', 3), asked(name, 'go.mod', 4)]).message, message));
  }

  it('for want of disk says how much there may be, and what raises it', () => {
    const error = failureOf(step(explainPip), 'ERROR: Could not install packages due to an OSError: [Errno 27] File too large\n', 1, { decisions: [], requested: [], diskBytes: 300 * 2 ** 20 });
    assert.deepEqual([error.code, error.message], ['disk-full', 'A file of the dependencies is bigger than the sandbox\'s disk limit of 300 MiB.']);
    assert.match(error.action!, /jhansi\.sandbox\.limits\.diskMB/);
  });

  it('shows the last words of a build that failed', () => {
    const error = failed(explainPip, 'error: No such file or directory: \'gcc\'\npetri-explains {"code":"build-failed","message":"regex-1 has to be compiled.","name":"regex","action":"Name an image."}\n', [asked('Regex', 'requirements.txt', 3)]);
    assert.deepEqual([error.message, error.details], ['requirements.txt:3: regex-1 has to be compiled.', ['requirements.txt:3', 'error: No such file or directory: \'gcc\'']]);
  });

  it('is put down to the registry when the gateway says so, whatever the tool makes of it', () => {
    const about = (...decisions: Decision[]) => failed(explainPip, 'ERROR: No matching distribution found for six', [], decisions);
    const down = about(answer(), seen({ rule: 'unreachable', host: 'index.test', port: 8443 }));
    assert.deepEqual([down.code, down.message], ['registry-unreachable', 'The registry index.test:8443 does not answer.']);
    assert.match(about(seen({ rule: 'unreachable' }), seen({ rule: 'tls-untrusted', host: 'files.test' })).action!, /extraCertificates.*PETRI_EXTRA_CA/);
    assert.equal(about(answer(503)).message, 'The registry index.test answers 503.');
    assert.equal(about(seen({ rule: 'private-address' })).code, 'registry-unreachable');
    assert.equal(about(answer(503), answer()).code, 'package-unknown', 'it answered again');
    assert.equal(about(seen({ rule: 'unreachable' }), seen({ rule: 'cut-short' })).code, 'registry-unreachable', 'who hung up proves nothing');
    assert.equal(about(answer(403)).code, 'package-unknown', 'the tool knows better what it did not find');
  });

  it('that nobody can explain names the host that was refused, or wants credentials', () => {
    const about = (decision: Decision) => failed(() => undefined, 'oh no', [], [decision]);
    assert.match(about(seen({ rule: 'host', host: 'elsewhere.test' })).message, /elsewhere\.test, which is no registry/);
    assert.match(about(answer(401)).action!, /PETRI_REGISTRY_CREDENTIALS/);
    assert.deepEqual([about(answer()).code, about(answer()).details], ['install-failed', ['oh no']]);
  });
});

describe('the watch over registries', () => {
  /** Runs `seconds` of looks at decisions that come as time goes on; answers when it gave up, and with what. */
  function watched(seconds: number, decisionsAt: (second: number) => Decision[]): { at: number; error: PetriError } | undefined {
    let now = 0;
    let next: (() => void) | undefined;
    let told: { at: number; error: PetriError } | undefined;
    const all: Decision[] = [seen({ rule: 'unreachable', host: 'of-an-earlier-step.test' })];
    const clock = { now: () => 0, monotonic: () => now, after: (_: number, call: () => void) => { next = call; return () => { next = undefined; }; } };
    watchRegistries(clock, { decisions: () => [...all] }, (error) => { told = { at: now / 1000, error }; });
    for (let second = 1; second <= seconds && next; second += 1) {
      now = second * 1000;
      all.push(...decisionsAt(second));
      const look = next;
      next = undefined;
      look();
    }
    return told;
  }

  it('ends an install whose registry stays away, soon, and at once where a certificate is not trusted', () => {
    const down = watched(60, (second) => (second % 8 === 0 ? [seen({ rule: 'unreachable' })] : []));
    assert.deepEqual([down?.at, down?.error.code], [23, 'registry-unreachable']);
    const untrusted = watched(60, (second) => (second === 1 ? [seen({ rule: 'tls-untrusted' })] : []));
    assert.deepEqual([untrusted?.at, untrusted?.error.code], [3, 'tls-untrusted']);
  });

  it('is patient while anything comes: a stumble, or a second mirror that serves', () => {
    assert.equal(watched(60, (second) => (second === 8 ? [seen({ rule: 'unreachable' })] : second === 20 ? [answer()] : [])), undefined);
    assert.equal(watched(60, (second) => [seen({ rule: 'unreachable', host: 'first.test' }), ...(second % 10 === 0 ? [answer()] : [])]), undefined);
  });
});
