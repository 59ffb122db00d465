import { isIP } from 'node:net';

/**
 * The network an address lies in, as much of it as may be kept: an IPv4 address without its last byte (/24), an IPv6
 * address without its last ten (/48). Null for what is no address.
 */
export function networkOf(address: string | undefined): string | null {
  const plain = plainOf(address);
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  return isIP(plain) === 6 ? `${groupsOf(plain).slice(0, 3).join(':')}::/48` : null;
}

/**
 * What attempts from an address are counted under: an IPv4 address by itself, an IPv6 address by its /64, which is the
 * least that one holder has: they could begin anew from each address in it. Empty for what is no address.
 */
export function networkPrefixOf(address: string | undefined): string {
  const plain = plainOf(address);
  if (isIP(plain) === 4) return plain;
  return isIP(plain) === 6 ? `${groupsOf(plain).slice(0, 4).join(':')}::/64` : '';
}

/**
 * Without the zone of an interface. An IPv4 address that is written as an IPv6 one is an IPv4 address, however it is
 * spelled (`::ffff:127.0.0.1`, `::ffff:7f00:1`, `0:0:0:0:0:FFFF:7F00:0001`; RFC 4291, 2.5.5.2).
 */
function plainOf(address = ''): string {
  const plain = address.split('%')[0]!;
  if (isIP(plain) !== 6) return plain;
  const groups = groupsOf(plain);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return plain;
  return groups
    .slice(6)
    .flatMap((group) => {
      const both = Number.parseInt(group, 16);
      return [both >> 8, both & 0xff];
    })
    .join('.');
}

/** The eight groups of an IPv6 address, in lower case and without zeros before them. */
function groupsOf(plain: string): string[] {
  const [before = '', after] = plain.split('::');
  const groups = (part: string) =>
    part
      .split(':')
      .filter((group) => group !== '')
      .flatMap((group) => (group.includes('.') ? hexOf(group) : [group]));
  const [head, tail] = [groups(before), groups(after ?? '')];
  const all =
    after === undefined
      ? head
      : [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return all.map((group) => Number.parseInt(group, 16).toString(16));
}

/** An IPv4 address at the end of an IPv6 one, as the two groups it stands for. */
function hexOf(dotted: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16));
}
