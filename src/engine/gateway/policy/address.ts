import ipaddr from 'ipaddr.js';

/** Where nothing of the internet lives. Documentation ranges are not among them: nobody's network has them, but test networks and inspecting proxies do. */
const DENIED: Record<string, string> = {
  unspecified: 'unspecified-address', broadcast: 'broadcast-address', multicast: 'multicast-address', linkLocal: 'link-local-address',
  loopback: 'loopback-address', private: 'private-address', uniqueLocal: 'private-address', carrierGradeNat: 'private-address',
  ipv4Mapped: 'translated-address', rfc6145: 'translated-address', rfc6052: 'translated-address', '6to4': 'translated-address',
  teredo: 'translated-address', deprecatedSiteLocal: 'private-address',
};
/** What the library calls reserved with the documentation ranges, or does not tell from ordinary addresses. */
const MORE: Array<[range: string, rule: string]> = [
  ['0.0.0.0/8', 'unspecified-address'], ['240.0.0.0/4', 'reserved-address'], ['192.0.0.0/24', 'reserved-address'], ['198.18.0.0/15', 'reserved-address'],
  ['192.88.99.0/24', 'translated-address'], ['64:ff9b:1::/48', 'translated-address'], ['::/96', 'translated-address'], ['fec0::/10', 'private-address'],
  ['100::/64', 'reserved-address'],
];

/** The rule that keeps this address from being dialled; undefined when it is an ordinary one. What is no address is denied. */
export function deniedAddress(text: string): string | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && (!ipaddr.IPv6.isValid(text) || text.includes('%'))) return 'no-address';
  const address = ipaddr.parse(text);
  for (const [range, rule] of MORE) {
    const [network, bits] = ipaddr.parseCIDR(range);
    if (network.kind() === address.kind() && address.match(network as never, bits)) return DENIED[address.range()] ?? rule;
  }
  return DENIED[address.range()];
}
