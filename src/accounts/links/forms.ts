import { z } from 'zod';
import { email, emailFault, parseBody, type Validated } from '../forms';
import { findPasswordFault } from '../credentials/password-rules';

/** A token as we make them: 32 bytes in base64url, one string. */
const token = z.string().regex(/^[\w-]{43}$/);

/** The token of an address or a body; null for what never was one: cut off, doubled, an object, missing. */
export function readToken(from: unknown): string | null {
  return z.object({ token }).safeParse(from).data?.token ?? null;
}

const resetBody = z.strictObject({ email: z.string() });
const verifyBody = z.strictObject({ token: z.string(), password: z.string().default('') });
const joinBody = z.strictObject({
  token: z.string(),
  name: z.string(),
  'new-password': z.string(),
  accepted: z.string().max(200).optional(),
});
const chooseBody = z.strictObject({ token: z.string(), 'new-password': z.string() });

/** @throws Failure 400 when the body does not have the shape of the form. */
export const readReset = (body: unknown) => parseBody(resetBody, body);
/** @throws Failure 400 when the body does not have the shape of the form. */
export const readVerify = (body: unknown) => parseBody(verifyBody, body);
/** @throws Failure 400 when the body does not have the shape of the form. */
export const readJoinConfirm = (body: unknown) => parseBody(joinBody, body);
/** @throws Failure 400 when the body does not have the shape of the form. */
export const readChoose = (body: unknown) => parseBody(chooseBody, body);

/** The address a new password is asked for. */
export function validateReset(body: { readonly email: string }): Validated<{ email: string }> {
  const mailed = email.safeParse(body.email);
  const fault = emailFault(body.email);
  return mailed.success && fault === null
    ? { values: { email: mailed.data } }
    : { wrong: { email: fault ?? 'form.wrong.email' } };
}

/**
 * What is wrong with a new password, as the key of the sentence that says so; null: nothing. `own` words it may not be
 * made of.
 */
export function newPasswordFault(password: string, own: readonly string[]): string | null {
  const fault = password === '' ? 'missing' : findPasswordFault(password, own);
  return fault === null ? null : `form.wrong.password.${fault}`;
}
