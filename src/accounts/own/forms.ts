import { z } from 'zod';
import { API_SCOPES } from '../credentials/api-tokens';
import { email, emailFault, label, name, nameFault, parseBody, wrongOf, type Validated } from '../forms';

/** What the forms of these sections send; anything else was not typed into one of them (Failure 400). */
export const readProfile = (body: unknown) => parseBody(z.strictObject({ name: z.string(), lang: z.string() }), body);
export const readEmailChange = (body: unknown) =>
  parseBody(z.strictObject({ email: z.string(), current: z.string() }), body);
export const readPasswordChange = (body: unknown) =>
  parseBody(z.strictObject({ current: z.string(), 'new-password': z.string() }), body);
export const readDeletion = (body: unknown) =>
  parseBody(z.strictObject({ email: z.string(), current: z.string().default(''), heir: z.string().default('') }), body);
export const readExport = (body: unknown) =>
  parseBody(z.strictObject({ 'export-current': z.string().default('') }), body);
export const readFeed = (body: unknown) => parseBody(z.strictObject({ current: z.string().default('') }), body);
export const readToken = (body: unknown) =>
  parseBody(
    z.strictObject({
      'token-name': z.string(),
      // A browser sends one ticked box as a string, several as a list, none not at all.
      scopes: z.union([z.enum(API_SCOPES).transform((one) => [one]), z.array(z.enum(API_SCOPES))]).default([]),
      current: z.string().default(''),
    }),
    body,
  );

/** The last part of an address that names a row; null for anything else. */
export function readId(given: unknown): string | null {
  return z.uuid().safeParse(given).data ?? null;
}

/** A name as on joining, and one of our languages. */
export function validateProfile(
  body: { readonly name: string; readonly lang: string },
  languages: readonly string[],
): Validated<{ name: string; lang: string }> {
  const named = name.safeParse(body.name);
  const errors = wrongOf({
    name: nameFault(body.name),
    lang: languages.includes(body.lang) ? null : 'form.wrong.lang',
  });
  return named.success && Object.keys(errors).length === 0
    ? { values: { name: named.data, lang: body.lang } }
    : { wrong: errors };
}

/** Another address than the one there is. */
export function validateEmailChange(given: string, present: string): Validated<{ email: string }> {
  const mailed = email.safeParse(given);
  const fault = emailFault(given);
  if (!mailed.success || fault !== null) return { wrong: { email: fault ?? 'form.wrong.email' } };
  return mailed.data === present ? { wrong: { email: 'form.wrong.email.same' } } : { values: { email: mailed.data } };
}

/** The account's own address, typed to show that its deletion is meant. */
export function isSameAddress(given: string, present: string): boolean {
  return email.safeParse(given).data === present;
}

/** A token's name: what its owner will know it by. */
export function validateTokenName(given: string): Validated<{ name: string }> {
  const named = label.safeParse(given);
  return named.success ? { values: { name: named.data } } : { wrong: { 'token-name': 'form.wrong.token-name' } };
}
