import { randomBytes } from 'node:crypto';

/** What an id of Stripe's begins with; the rest is random. */
export type IdPrefix =
  | 'cus'
  | 'prod'
  | 'price'
  | 'promo'
  | 'di'
  | 'pm'
  | 'sub'
  | 'si'
  | 'in'
  | 'il'
  | 'ii'
  | 'inpay'
  | 'pi'
  | 'seti'
  | 'ch'
  | 're'
  | 'dp'
  | 'txn'
  | 'cs_test'
  | 'li'
  | 'bpc'
  | 'bps'
  | 'we'
  | 'evt'
  | 'req'
  | 'upcoming_in';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new id, such as `cus_Qx81…`. */
export function newId(prefix: IdPrefix, length = 24): string {
  return `${prefix}_${letters(length)}`;
}

/** Random letters and digits. */
export function letters(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
