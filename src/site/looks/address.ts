import { DELIVERED, SETTINGS, type SettingValue } from '../settings/schemas';

type Looks = SettingValue<'looks'>;

/** Goes up when the same choices make another style sheet: browsers keep one for ever. */
const EDITION = 1;

/** Characters of an address: a hundred tiers. */
const LONGEST = 4_000;

const same = (one: Looks, other: Looks): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * Where the style sheet of chosen looks lies; null: they are as delivered. The address says all that it is made from,
 * so a preview has one too, in every process, with nothing stored.
 */
export function looksAddress(looks: Looks): string | null {
  if (same(looks, DELIVERED.looks)) return null;
  return `/looks/${EDITION}/${Buffer.from(JSON.stringify(looks)).toString('base64url')}.css`;
}

/** Reads an address of `looksAddress`; null: it is none. */
export function readLooksAddress(edition: unknown, file: unknown): Looks | null {
  if (edition !== String(EDITION) || typeof file !== 'string' || file.length > LONGEST) return null;
  const [, text] = /^([\w-]+)\.css$/.exec(file) ?? [];
  if (text === undefined) return null;
  try {
    return SETTINGS.looks.schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}
