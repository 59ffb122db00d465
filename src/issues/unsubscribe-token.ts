import { createHmac, timingSafeEqual } from 'node:crypto';

/** 16 bytes of the id of an account or a subscriber, then 32 of a signature, in base64url. */
const FORM = /^[\w-]{64}$/;

/** Keeps these signatures apart from all others of the same secret. */
const PURPOSE = 'dossier: leave the letters to many';

const sign = (id: Buffer, secret: string): Buffer => createHmac('sha256', secret).update(PURPOSE).update(id).digest();

/**
 * What leaves the letters to many in a recipient's name: it stands in each of them, for as long as its secret is in
 * use. Somebody without an account chooses other letters by it too, and no more than that.
 * @throws where there is no secret.
 */
export function unsubscribeToken(recipientId: string, [secret]: readonly string[]): string {
  if (secret === undefined) throw new Error('nothing to sign with');
  const id = Buffer.from(recipientId.replaceAll('-', ''), 'hex');
  return Buffer.concat([id, sign(id, secret)]).toString('base64url');
}

/** The id of the account or subscriber whose token this is; null: nobody's. */
export function readUnsubscribeToken(token: unknown, secrets: readonly string[]): string | null {
  if (typeof token !== 'string' || !FORM.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const [id, given] = [bytes.subarray(0, 16), bytes.subarray(16)];
  if (!secrets.some((secret) => timingSafeEqual(sign(id, secret), given))) return null;
  const hex = id.toString('hex');
  return [0, 8, 12, 16, 20].map((from, at, all) => hex.slice(from, all[at + 1] ?? 32)).join('-');
}
