import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * What is not on the public Internet: the IPv4 special-purpose ranges of IANA (RFC 6890 and its registry), multicast
 * and what is reserved.
 */
const NOT_PUBLIC = new BlockList();
for (const range of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]) {
  const [network = '', bits = ''] = range.split('/');
  NOT_PUBLIC.addSubnet(network, Number(bits), 'ipv4');
}

/** Of IPv6, what is given out (RFC 4291), but for what leads elsewhere or nowhere: Teredo, 6to4, examples. */
const GIVEN_OUT = new BlockList();
GIVEN_OUT.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv6');

/** Is that an address on the public Internet? */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  return family === 6 && GIVEN_OUT.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6');
}

/** A name leads to a machine that is not on the public Internet, or the address is one. */
export class PrivateAddress extends Error {
  override name = 'PrivateAddress';
}

/**
 * Resolves names for a connection and lets no address through that is not public: what was looked up is what is
 * connected to, so that a name cannot change in between.
 */
export const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, []);
    const bad = found.some(({ address }) => !isPublicAddress(address));
    if (bad || found.length === 0) return callback(new PrivateAddress('the name leads to a private address'), []);
    if (options.all) return callback(null, found);
    callback(null, found[0]!.address, found[0]!.family);
  });
};
