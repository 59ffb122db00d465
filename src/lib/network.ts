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

/** Without the zone of an interface; an IPv4 address that is written as an IPv6 one is an IPv4 address. */
function plainOf(address = ''): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.split('%')[0]!;
}

/** The groups of an IPv6 address, without zeros before them; an IPv4 address at its end is left as one. */
function groupsOf(plain: string): string[] {
  const [before = '', after] = plain.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const [head, tail] = [groups(before), groups(after ?? '')];
  // An IPv4 address at the end stands for two groups.
  const length = head.length + tail.length + Number(plain.includes('.'));
  const all = after === undefined ? head : [...head, ...Array.from({ length: 8 - length }, () => '0'), ...tail];
  return all.map((group) => (group.includes('.') ? group : Number.parseInt(group, 16).toString(16)));
}
