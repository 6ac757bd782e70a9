import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareMaven, mavenRange } from '../../../src/engine/dependencies/policy/mavenVersion';

describe('Maven’s order of versions', () => {
  // Each row ascending; from the POM reference, "Version Order Specification", and from what Maven itself answers.
  for (const row of [
    ['1-alpha', '1-beta', '1-milestone', '1-rc', '1-SNAPSHOT', '1', '1-sp', '1-abc', '1-def', '1-1', '1.1'],
    ['1', '1.1'], ['1-snapshot', '1', '1-sp'], ['1-foo2', '1-foo10'], ['1.foo', '1-1', '1.1'],
    ['2.0.M1', '2.0.RC1', '2.0.RELEASE', '2.0.1'], ['31.0-android', '31.0-jre', '31.1-android'],
    ['1.9', '1.10', '1.99999999999999999999', '1.100000000000000000000'],
    ['4.1.0.Beta1', '4.1.0.CR1', '4.1.0.Final', '4.1.0.SP1', '4.1.1.Final'],
  ]) {
    it(row.join(' < '), () => {
      row.forEach((low, i) => row.slice(i + 1).forEach((high) => {
        assert.ok(compareMaven(low, high) < 0, `${low} < ${high}`);
        assert.ok(compareMaven(high, low) > 0, `${high} > ${low}`);
      }));
    });
  }

  for (const row of [
    ['1', '1.0', '1.0.0', '1-ga', '1.ga', '1-final', '1.0.RELEASE', '01'], ['1.0-cr1', '1-rc1', '1.0.0-RC-1'],
    ['1-a1', '1-alpha-1'], ['1.0alpha1', '1.0-a1'],
  ]) {
    it(row.join(' = '), () => {
      for (const a of row) for (const b of row) assert.equal(compareMaven(a, b), 0, `${a} = ${b}`);
    });
  }

  it('reads ranges, and refuses what is none', () => {
    const inside = (range: string, version: string) => mavenRange(range)?.(version);
    assert.equal(inside('[1.0]', '1'), true);
    assert.equal(inside('(,1.0],[1.2,)', '1.1'), false);
    assert.equal(inside('(,1.0],[1.2,)', '1.2'), true);
    assert.equal(inside('(1.0,2.0)', '1.0'), false);
    assert.equal(inside('1.5', '1.5.0'), true);
    for (const odd of ['[1,2', '1,2', '(1.0)', '[,]x', '[1,2,3]', '', '[]', '[1][']) assert.equal(mavenRange(odd), undefined, odd);
  });
});
