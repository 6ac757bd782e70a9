import assert from 'node:assert/strict';
import { canonicalHost, parseTarget, printTarget } from '../../../src/engine/gateway/policy/hostName';

describe('one spelling of a host', () => {
  const good: Array<[string, string, number]> = [
    ['Registry.Test:443', 'registry.test', 443], ['a-b.c0.example:8443', 'a-b.c0.example', 8443], ['10.0.0.5:443', '10.0.0.5', 443],
    ['[2001:DB8:0:0::1]:443', '2001:db8::1', 443], ['xn--bcher-kva.example:443', 'xn--bcher-kva.example', 443], ['single:443', 'single', 443], ['1.2.3.4.example:443', '1.2.3.4.example', 443],
  ];
  for (const [text, host, port] of good) it(`reads ${text}`, () => assert.deepEqual(parseTarget(text), { host, port }));

  const bad = [
    '', ':443', 'a', 'a:', 'a:0', 'a:65536', 'a:+443', 'a:4 43', 'a:0443', 'a.:443', '.a:443', 'a..b:443', '-a:443', 'a-:443', 'a_b:443', 'a b:443', ' a:443', 'a:443 ', 'a\0:443', 'a\r\n:443',
    'a:443\r\nHost: b', 'a%2eb:443', 'user@a:443', 'a/b:443', 'a?b:443', 'a#b:443', 'http://a:443', 'bücher.example:443', 'ａ:443', 'a。b:443', `${'a'.repeat(64)}:443`, `${'a.'.repeat(127)}:443`,
    '127.1:443', '127.0.1:443', '2130706433:443', '0x7f000001:443', '0x7f.1:443', '0177.0.0.1:443', '127.0.0.01:443', '127.0.0.256:443', '1.2.3.4.5:443', 'a.0x7f:443', 'a.1:443', '0:443', '0x:443',
    '[::1:443', '::1:443', '[::1]', '[fe80::1%eth0]:443', '[fe80::1%25eth0]:443', '[::g]:443', '[127.0.0.1]:443', '[]:443',
  ];
  for (const text of bad) it(`refuses ${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)}`, () => assert.equal(parseTarget(text), undefined));

  it('what it prints it reads again', () => {
    for (const target of [{ host: 'a.example', port: 443 }, { host: 'a.example', port: 8443 }, { host: '2001:db8::1', port: 443 }, { host: '10.0.0.5', port: 1 }]) {
      assert.deepEqual(parseTarget(printTarget(target), 443), target);
    }
    assert.equal(canonicalHost('A.Example'), 'a.example');
  });
});
