import { z } from 'zod';
import { readMailbox } from './lib/mailbox';

/** A whole number in these bounds. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** The address, or null where it is none. */
export const parseUrl = (value: string): URL | null => (URL.canParse(value) ? new URL(value) : null);

/** An address with one of these protocols. */
export const address = (...protocols: readonly string[]) =>
  z.string().refine((value) => {
    const url = parseUrl(value);
    return url !== null && protocols.includes(url.protocol) && url.hostname !== '';
  });

/** A database of a Postgres. */
export const database = () =>
  address('postgres:', 'postgresql:').refine((value) => (parseUrl(value)?.pathname.length ?? 0) > 1);

/** One mailbox (src/lib/mailbox.ts). */
export const mailbox = z.string().transform((value, context) => {
  const read = readMailbox(value);
  if (!('reason' in read)) return read;
  context.addIssue({ code: 'custom', message: read.reason });
  return z.NEVER;
});

/** An address without a user, a password, a query or a part: it is printed, and paths are put behind it. */
export const endpoint = address('http:', 'https:').refine((value) => {
  const url = parseUrl(value);
  return url !== null && [url.username, url.password, url.search, url.hash].every((part) => part === '');
});

/** The origin of a site: protocol, host and port. */
export const origin = z
  .string()
  .refine((value) => {
    const url = parseUrl(value);
    return url !== null && ['http:', 'https:'].includes(url.protocol) && url.href === `${url.origin}/`;
  })
  .transform((value) => new URL(value).origin);
