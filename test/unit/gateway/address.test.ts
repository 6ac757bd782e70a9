import assert from 'node:assert/strict';
import { deniedAddress } from '../../../src/engine/gateway/policy/address';

const DENIED: Record<string, string[]> = {
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fd12::1', 'fec0::1'],
  'link-local, and with it the clouds\' own metadata': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'febf::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'multicast and broadcast': ['224.0.0.1', '239.255.255.255', 'ff02::1', '255.255.255.255'],
  reserved: ['240.0.0.1', '192.0.0.8', '198.18.0.1', '198.19.255.255', '100::1'],
  'IPv4 in IPv6': ['::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::7f00:1', '::ffff:0:10.0.0.1'],
  NAT64: ['64:ff9b::a00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1'],
  '6to4 and Teredo': ['2002:a00:1::', '2002:7f00:1::1', '192.88.99.1', '2001::1'],
  'no address': ['', 'localhost', '1.2.3', '0x7f.0.0.1', '1.2.3.4.5', 'fe80::1%eth0', '2001:db8::1%1', '1.2.3.4/8', ' 8.8.8.8', '256.1.1.1'],
};

describe('addresses that no registry has', () => {
  for (const [kind, addresses] of Object.entries(DENIED)) {
    it(kind, () => assert.deepEqual(addresses.filter((address) => deniedAddress(address) === undefined), []));
  }

  it('ordinary ones are none of them, up to the edges', () => {
    const ordinary = ['8.8.8.8', '9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1', '169.253.255.255', '169.255.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1', '2a00:1450::1'];
    assert.deepEqual(ordinary.filter((address) => deniedAddress(address) !== undefined), []);
  });
});
