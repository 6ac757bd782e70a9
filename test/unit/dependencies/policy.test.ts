import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Requested } from '../../../src/engine/dependencies/adapter';
import { checkInstalled, checkRequested, refused, type InstalledPackage } from '../../../src/engine/dependencies/policy/check';
import { readPolicies } from '../../../src/engine/dependencies/policy/policyFile';
import type { DependencyPolicy } from '../../../src/protocol/dependencyPolicy';
import type { Language } from '../../../src/protocol/sandbox';

const policies = (setting?: unknown, folder?: string) => readPolicies(setting, folder === undefined ? undefined : Buffer.from(folder));
const asked = (name: string, version?: string, source?: Requested['source']): Requested => ({ name, version, path: 'package.json', line: 3, source });
const there = (name: string, version = '1.0.0', licence: string | null = 'MIT'): InstalledPackage => ({ name, version, licence });
const requested = (policy: DependencyPolicy, language: Language, ...all: Requested[]) =>
  checkRequested(policies(policy), language, all).map(({ name }) => name);
const installed = (policy: DependencyPolicy, language: Language, ...all: InstalledPackage[]) =>
  checkInstalled(policies(policy), language, all).map(({ name }) => name);

describe('dependency policy: packages', () => {
  it('refuses what a deny rule names, in every spelling the registry takes for the same package', () => {
    assert.deepEqual(requested({ packages: { deny: ['pypi:foo-bar'] } }, 'python', asked('Foo_Bar'), asked('foo.bar'), asked('foobar')), ['Foo_Bar', 'foo.bar']);
    assert.deepEqual(requested({ packages: { deny: ['npm:@evil/*'] } }, 'node', asked('@Evil/x'), asked('evil')), ['@Evil/x']);
    assert.deepEqual(requested({ packages: { deny: ['go:example.com/A/*'] } }, 'go', asked('example.com/A/b'), asked('example.com/a/b')), ['example.com/A/b']);
    assert.deepEqual(requested({ packages: { deny: ['maven:org.apache.*:*-all'] } }, 'java', asked('org.apache.x:y-all'), asked('org.apache.x:y')), ['org.apache.x:y-all']);
  });

  it('keeps a rule to its own registry, and a star to all of them', () => {
    assert.deepEqual(requested({ packages: { deny: ['npm:requests'] } }, 'python', asked('requests')), []);
    assert.deepEqual(requested({ packages: { deny: ['*:requests'] } }, 'python', asked('requests')), ['requests']);
  });

  it('refuses everything that an allow list does not name, an empty one included', () => {
    assert.deepEqual(installed({ packages: { allow: ['npm:express', 'npm:@types/*'] } }, 'node', there('express'), there('@types/node'), there('accepts')), ['accepts']);
    assert.deepEqual(installed({ packages: { allow: [] } }, 'node', there('express')), ['express']);
  });

  it('denies what is allowed elsewhere', () => {
    assert.deepEqual(installed({ packages: { allow: ['*:*'], deny: ['npm:express'] } }, 'node', there('express'), there('koa')), ['express']);
  });

  it('compares versions as each ecosystem does', () => {
    const cases: Array<[Language, string, string, string[], string[]]> = [
      ['python', 'pypi:p', '<2.32', ['2.4', '2.31rc1', '2.31.0.post1'], ['2.32', '2.32rc1', '10.0', '1!1.0']],
      ['node', 'npm:p', '<2.0.0 || 3.x', ['1.9.9', '2.0.0-beta.1', '3.4.5'], ['2.0.0', '4.0.0']],
      ['go', 'go:p', '<1.2.0', ['v1.1.9', 'v0.0.0-20200101000000-abcdefabcdef', 'v1.2.0-rc.1', 'v1.1.0+incompatible'], ['v1.2.0', 'v1.10.0']],
      ['java', 'maven:p', '[1.0,2.0)', ['1.0', '1.10', '2.0-SNAPSHOT', '2.0-rc1'], ['1.0-alpha-1', '2.0', '2', '2.0.0.Final', '10.0']],
    ];
    for (const [language, pattern, versions, inside, outside] of cases) {
      const policy = { packages: { deny: [{ package: pattern, versions }] } };
      for (const version of inside) assert.deepEqual(installed(policy, language, there('p', version)), ['p'], `${version} is in ${versions}`);
      for (const version of outside) assert.deepEqual(installed(policy, language, there('p', version)), [], `${version} is not in ${versions}`);
    }
  });

  it('judges a pinned version before the install and an open one after it', () => {
    const policy = { packages: { deny: [{ package: '*:p', versions: '1.0.0' }] } };
    assert.deepEqual(requested(policy, 'python', asked('p', '==1.0.0')), ['p']);
    assert.deepEqual(requested(policy, 'node', asked('p', '1.0.0')), ['p']);
    assert.deepEqual(requested(policy, 'node', asked('p', '^1.0.0')), []);
    assert.deepEqual(installed(policy, 'node', there('p', '1.0.0')), ['p']);
    assert.deepEqual(requested(policy, 'java', asked('p', '1.0.0'), asked('p', '[1.0,)')), ['p']);
  });

  it('does not let a version through that it cannot read', () => {
    assert.deepEqual(installed({ packages: { deny: [{ package: 'npm:p', versions: '<2' }] } }, 'node', there('p', 'what')), ['p']);
    assert.deepEqual(installed({ packages: { allow: [{ package: 'npm:p', versions: '<2' }] } }, 'node', there('p', 'what')), ['p']);
  });

  it('takes time in proportion to the text for the nastiest pattern', () => {
    const pattern = `npm:${'a*'.repeat(200)}b`;
    assert.deepEqual(requested({ packages: { deny: [pattern] } }, 'node', asked('a'.repeat(100_000))), []);
  });
});

describe('dependency policy: sources', () => {
  const git = asked('x', undefined, { kind: 'git', address: 'git@example.com:x.git' });
  const path = asked('lib', undefined, { kind: 'path', address: '../lib' });

  it('refuses git, addresses and other registries, and lets the folder’s own code in, when nobody says anything', () => {
    const url = asked('u', undefined, { kind: 'url', address: 'https://example.com/u.tgz' });
    const other = asked('r', undefined, { kind: 'registry', address: 'https://example.com/' });
    const [first, ...more] = checkRequested(policies(), 'node', [git, url, other, path]);
    assert.deepEqual([first?.name, ...more.map(({ name }) => name)], ['x', 'u', 'r']);
    assert.match(first?.message ?? '', /x comes from a git repository, git@example\.com:x\.git: rule sources\.git \(default\)/);
  });

  it('opens by the setting, never by the folder', () => {
    assert.deepEqual(checkRequested(policies({ sources: { git: 'allow' } }), 'node', [git]), []);
    assert.equal(checkRequested(policies(undefined, '{"sources": {"git": "allow"}}'), 'node', [git]).length, 1);
    assert.equal(checkRequested(policies({ sources: { git: 'allow' } }, '{"sources": {"git": "deny"}}'), 'node', [git]).length, 1);
    assert.equal(checkRequested(policies(undefined, '{"sources": {"path": "deny"}}'), 'node', [path]).length, 1);
  });

  it('asks no package rule about the folder’s own code', () => {
    assert.deepEqual(requested({ packages: { allow: [] } }, 'node', path), []);
  });
});

describe('dependency policy: licences', () => {
  it('reads expressions: one of OR is enough, AND needs both', () => {
    const policy = { licenses: { deny: ['GPL-*'] } };
    assert.deepEqual(installed(policy, 'node',
      there('or', '1.0.0', 'MIT OR GPL-3.0-only'), there('and', '1.0.0', 'MIT AND GPL-3.0-only'), there('mit'), there('with', '1.0.0', 'GPL-2.0-only WITH Classpath-exception-2.0'),
    ), ['and', 'with']);
  });

  it('refuses every licence that an allow list does not name, and the unknown', () => {
    const policy: DependencyPolicy = { licenses: { allow: ['MIT', 'BSD-*', 'Public Domain'] } };
    const packages = [there('a', '1.0.0', 'MIT OR Zlib'), there('b', '1.0.0', 'BSD-3-Clause'), there('c', '1.0.0', 'Apache-2.0'), there('d', '1.0.0', null),
      there('e', '1.0.0', 'SEE LICENSE IN x'), there('f', '1.0.0', 'Public Domain')];
    assert.deepEqual(installed(policy, 'node', ...packages), ['c', 'd', 'e']);
    policy.licenses!.unknown = 'allow';
    assert.deepEqual(installed(policy, 'node', ...packages), ['c']);
  });

  it('lets the unknown pass where only some are denied, unless it is told otherwise', () => {
    assert.deepEqual(installed({ licenses: { deny: ['GPL-*'] } }, 'node', there('a', '1.0.0', null)), []);
    assert.deepEqual(installed({ licenses: { unknown: 'deny' } }, 'node', there('a', '1.0.0', null), there('b')), ['a']);
    assert.deepEqual(installed({ licenses: { deny: ['*GPL*'] } }, 'node', there('a', '1.0.0', 'Dual GPL/MIT')), ['a']);
  });
});

describe('dependency policy: the file and the setting', () => {
  const text = `{
  // what the bank says
  "packages": {
    "allow": ["npm:*"],
    "deny": [
      "npm:left-pad",
      { "package": "npm:express", "versions": "<4.20", "reason": "CVE-2024-43796" }
    ]
  }
}`;

  it('names the rule, where it stands, why, and where the package is asked for', () => {
    const refusals = checkRequested(policies(undefined, text), 'node', [asked('left-pad'), asked('express', '4.1.0'), asked('koa')]);
    const error = refused(refusals);
    assert.equal(error.code, 'policy-refused');
    assert.equal(error.message, 'left-pad is refused: rule packages.deny "npm:left-pad" (.jhansi/policy.json:6). So is express.');
    assert.equal(error.details?.[1],
      'package.json:3: express 4.1.0 is refused: rule packages.deny "npm:express <4.20" (.jhansi/policy.json:7). Reason given: CVE-2024-43796');
    const [bySetting] = checkRequested(policies({ packages: { deny: ['npm:koa'] } }), 'node', [asked('koa')]);
    assert.match(bySetting?.message ?? '', /\(setting jhansi\.dependencies\.policy\.packages\.deny\.0\)/);
  });

  it('tightens, and cannot loosen: a package must pass both', () => {
    const machine = { packages: { deny: ['npm:koa'], allow: ['npm:koa', 'npm:express'] }, licenses: { allow: ['MIT'] } };
    const loose = '{"packages": {"allow": ["*:*"]}, "licenses": {"allow": ["*"], "unknown": "allow"}}';
    const names = checkInstalled(policies(machine, loose), 'node', [there('koa'), there('express'), there('hapi'), { ...there('express'), licence: 'Zlib' }, { ...there('express'), licence: null }])
      .map(({ name, rule }) => `${name}: ${rule.label}`);
    assert.deepEqual(names, ['koa: packages.deny "npm:koa"', 'hapi: packages.allow', 'express: licenses.allow', 'express: licenses.allow']);
    assert.equal(checkInstalled(policies(machine, '{"packages": {"deny": ["npm:express"]}}'), 'node', [there('express')]).length, 1);
  });

  for (const [what, content, where] of [
    ['a syntax error', '{\n "packages": {\n  "deny": [,]\n }\n}', 'policy.json:3'],
    ['an unknown key', '{\n "packages": {\n  "dney": []\n }\n}', 'policy.json:3'],
    ['a key given twice', '{"packages": {\n "deny": ["npm:x"],\n "deny": []\n}}', 'policy.json:3'],
    ['a rule without a registry', '{"packages": {\n "deny": [\n "npm:x",\n "left-pad"]}}', 'policy.json:4'],
    ['a range nobody can read', '{"packages": {"deny": [\n {"package": "maven:a:b", "versions": "[1,"}]}}', 'policy.json:2'],
    ['another language\'s range', '{"packages": {"deny": [\n {"package": "maven:a:b", "versions": "<2.0"}]}}', 'policy.json:2'],
    ['a rule with an unknown key', '{"packages": {"deny": [\n {"package": "npm:x", "version": "<1"}]}}', 'policy.json:2'],
    ['an unknown decision', '{"sources": {\n "git": "maybe"}}', 'policy.json:2'],
    ['a list', '[]', 'policy.json:1'],
    ['an empty file', '', 'policy.json:1'],
    ['bytes that are no text', '\u0000\u0001', 'policy.json:1'],
    ['a prototype', '{"__proto__": {"packages": {}}}', 'policy.json:1'],
  ] as const) {
    it(`refuses ${what} with file and line`, () => {
      assert.throws(() => policies(undefined, content), (error: { code?: string; details?: string[]; message?: string }) => {
        assert.equal(error.code, 'policy-invalid');
        assert.deepEqual(error.details, [`.jhansi/${where}`]);
        return true;
      });
    });
  }

  it('refuses a malformed setting by its path', () => {
    assert.throws(() => policies({ licenses: { allow: 'MIT' } }), { code: 'policy-invalid', details: ['setting jhansi.dependencies.policy.licenses.allow'] });
  });

  it('refuses a file that is too large or too deep, quickly', () => {
    assert.throws(() => policies(undefined, ' '.repeat(1024 * 1024 + 1)), { code: 'policy-invalid' });
    assert.throws(() => policies(undefined, '['.repeat(500_000)), { code: 'policy-invalid' });
    assert.throws(() => policies(undefined, `${'\n'.repeat(500_000)}{"packages": {"deny": [${'"npm:x",'.repeat(4999)}"x"]}}`),
      { code: 'policy-invalid', details: ['.jhansi/policy.json:500001'] });
    assert.ok(policies(undefined, `${'\n'.repeat(500_000)}{"packages": {"deny": [${'"npm:x",'.repeat(4999)}"npm:x"]}}`).folder);
  });
});
