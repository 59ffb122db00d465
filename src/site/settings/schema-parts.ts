import { z } from 'zod';
import { readMailbox } from '../../lib/mailbox';
import { readPictureName } from '../pictures/names';
import { textByLanguage } from './text-by-language';

/** One line of at most `most` characters; may be empty. */
export const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((text) => !/[\p{Cc}\u2028\u2029]/u.test(text))
    .default('');

/** One mail address without a name, or none. */
export const mailAddress = z
  .string()
  .trim()
  .max(254)
  .refine((text) => {
    const read = readMailbox(text === '' ? 'nobody@localhost' : text);
    return !('reason' in read) && read.name === '' && !text.includes('<');
  })
  .default('');

const DOMAIN = /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/;

/** The part of mail addresses behind the sign, in lower case. */
export const domain = z.string().trim().toLowerCase().max(253).regex(DOMAIN);

/** An address on the web: one of ours, which begins with a slash, or another's with https. */
export const webAddress = z
  .string()
  .trim()
  .max(500)
  .refine((text) => /^\/(?!\/)[^\s\\]*$/.test(text) || (/^https:\/\/[^\s\\]+$/.test(text) && URL.canParse(text)));

/** One way on: where it leads, and what it is called. Without a label: by its own name. */
export const way = z.object({ href: webAddress, label: textByLanguage(60) });

/** A way at the foot of the page. With a heading it begins a column, of which those behind it are part. */
export const footerWay = way.extend({ heading: textByLanguage(60) });

/** A day, `2026-11-29`, or none. */
export const day = z
  .string()
  .trim()
  .refine((text) => text === '' || (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))))
  .default('');

/** A colour as `#1b463a`, or none. */
export const colour = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^(?:#[0-9a-f]{6})?$/)
  .default('');

/** The name of a picture of the publication's own, or none. */
export const sitePicture = z
  .string()
  .refine((name) => name === '' || readPictureName(name) !== null)
  .default('');
