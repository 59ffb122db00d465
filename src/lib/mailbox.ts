import { domainToASCII } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';

/** One mailbox: a name, which may be empty, and an address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Characters of a name, and of an address (RFC 5321, 4.5.3.1). */
const LONGEST = { name: 200, address: 254 } as const;

/**
 * The part before the sign: words of letters, digits and some signs, with dots between (RFC 5322, 3.2.3 `dot-atom`).
 */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

/** A host: labels with dots between, of letters, digits and hyphens (RFC 1123, 2.1). */
const DOMAIN = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i;

/**
 * A name without quotes and an address: as whoever writes a setting means it, where RFC 5322 would want quotes for a
 * comma.
 */
const PLAIN = /^([^"<>@\\]+)<([^<>"\s]+)>$/;

/** What has the shape of a mailbox at its end: an address alone, or one in brackets. */
const WHOLE = /(?:^[^\s<>"]+@[^\s<>"]+|<[^<>\s]*>)$/;

/**
 * Reads one mailbox (RFC 5322, 3.4), or says why it is none, so that it follows "found". A name may hold commas, colons
 * and parentheses, in quotes or without.
 */
export function readMailbox(text: string): Mailbox | { readonly reason: string } {
  const trimmed = text.trim();
  if (/[\p{Cc}\u2028\u2029]/u.test(trimmed)) return { reason: 'a line end or a control character' };
  if (!trimmed.includes('@')) return { reason: `no address in ${JSON.stringify(trimmed.slice(0, 80))}` };
  const [, plainName, plainAddress] = PLAIN.exec(trimmed) ?? [];
  if (plainName !== undefined && plainAddress !== undefined) return checked(plainName.trim(), plainAddress);
  if ((trimmed.match(/(?<!\\)"/g) ?? []).length % 2 === 1) return { reason: 'a quotation mark that is not closed' };
  const found = addressparser(trimmed);
  const [only] = found;
  if (found.length !== 1 || !only) return { reason: `${found.length} mailboxes, where one is meant` };
  if (only.group) return { reason: 'a group of mailboxes, where one is meant' };
  if (!WHOLE.test(trimmed))
    return { reason: 'something after the address, or a name without brackets around the address' };
  return checked(only.name, only.address);
}

function checked(name: string, address: string): Mailbox | { readonly reason: string } {
  if (name.length > LONGEST.name) return { reason: `a name of more than ${LONGEST.name} characters` };
  if (/=\?.*\?=/.test(name)) return { reason: 'an encoded name, where it is written as it is read' };
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), domainToASCII(address.slice(at + 1))];
  if (at < 0 || !LOCAL.test(local)) return { reason: `${JSON.stringify(local)} before the @ of the address` };
  if (!DOMAIN.test(domain)) return { reason: `${JSON.stringify(address.slice(at + 1))} after the @ of the address` };
  const whole = `${local}@${domain}`;
  if (whole.length > LONGEST.address) return { reason: `an address of more than ${LONGEST.address} characters` };
  return { name, address: whole };
}
