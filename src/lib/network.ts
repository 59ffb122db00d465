import { isIP } from 'node:net';

/**
 * The network an address lies in, as much of it as may be kept: an IPv4 address without its last byte (/24), an IPv6
 * address without its last ten (/48). Null for what is no address.
 */
export function networkOf(address: string | undefined): string | null {
  if (address === undefined) return null;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address.split('%')[0]!;
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(plain) !== 6) return null;
  const [before = '', after] = plain.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const [head, tail] = [groups(before), groups(after ?? '')];
  // An IPv4 address at the end stands for two groups.
  const length = head.length + tail.length + Number(plain.includes('.'));
  const all = after === undefined ? head : [...head, ...Array.from({ length: 8 - length }, () => '0'), ...tail];
  return `${all.slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
}
