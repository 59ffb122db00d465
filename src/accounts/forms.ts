import { z } from 'zod';
import { Failure } from '../lib/failure';
import { hasHidden, isPrintable, oneLine, visibleLine } from '../lib/line';
import { findPasswordFault } from './credentials/password-rules';

/** What is wrong with a form: for each wrong field the key of the sentence that says so. */
export type FieldErrors = Readonly<Record<string, string>>;

/** A form understood, or what is wrong with it. */
export type Validated<T> = { readonly values: T } | { readonly wrong: FieldErrors };

/**
 * One address has one form: without space around it, in lower case. Longer ones are no addresses (RFC 5321, 4.5.3.1).
 */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(z.regexes.html5Email)
  .regex(/@[^@]+\.[^@.]+$/);

/** What is wrong with what was typed as an address, as the key of the sentence that says so; null: nothing. */
export function emailFault(typed: string): string | null {
  if (visibleLine(typed) === '') return 'form.wrong.email.missing';
  // An address says who somebody is, so nothing of it is left out unseen: it is shown again without what cannot be
  // seen.
  if (hasHidden(typed)) return 'form.wrong.email.hidden';
  return email.safeParse(typed).success ? null : 'form.wrong.email';
}

/** A name is printed, never run and never a link: no control characters, no turning of the writing, no address. */
export const name = z
  .string()
  .regex(/^[^\r\n]*$/)
  .transform(oneLine)
  .refine((text) => text !== '' && [...text].length <= 100 && isPrintable(text) && !/[<>]|:\/\/|www\./i.test(text));

/** What is wrong with what was typed as a name, as the key of the sentence that says so; null: nothing. */
export function nameFault(typed: string): string | null {
  if (visibleLine(typed) === '') return 'form.wrong.name.missing';
  if (!isPrintable(oneLine(typed))) return 'form.wrong.name.hidden';
  return name.safeParse(typed).success ? null : 'form.wrong.name';
}

/** What its owner knows a thing of theirs by, such as a passkey or a token. */
export const label = z
  .string()
  .transform(oneLine)
  .refine((text) => text !== '' && text.length <= 60 && isPrintable(text));

/** The faults of fields by their names; a field without one is left out. */
export const wrongOf = (faults: Readonly<Record<string, string | null>>): FieldErrors =>
  Object.fromEntries(Object.entries(faults).filter((one): one is [string, string] => one[1] !== null));

/** What a browser sends for these forms; anything else was not typed into one of ours. */
const joinBody = z.strictObject({
  name: z.string(),
  email: z.string(),
  password: z.string(),
  next: z.string().optional(),
  accepted: z.string().max(200).optional(),
});
const loginBody = joinBody.omit({ name: true, accepted: true });

export type JoinBody = z.infer<typeof joinBody>;
export type LoginBody = z.infer<typeof loginBody>;

/** @throws Failure 400 when the body does not have the shape of the form. */
export const readJoin = (body: unknown): JoinBody => parseBody(joinBody, body);
/** @throws Failure 400 when the body does not have the shape of the form. */
export const readLogin = (body: unknown): LoginBody => parseBody(loginBody, body);

/** What was typed into the form for joining. `site` is the name a password may not be. */
export function validateJoin(
  body: JoinBody,
  site: string,
): Validated<{ name: string; email: string; password: string }> {
  const [named, mailed] = [name.safeParse(body.name), email.safeParse(body.email)];
  const fault = body.password === '' ? 'missing' : findPasswordFault(body.password, [body.name, body.email, site]);
  const password = fault === null ? null : `form.wrong.password.${fault}`;
  const errors = wrongOf({ name: nameFault(body.name), email: emailFault(body.email), password });
  return named.success && mailed.success && Object.keys(errors).length === 0
    ? { values: { name: named.data, email: mailed.data, password: body.password } }
    : { wrong: errors };
}

/** What was typed into the form for logging in. A password is compared as it is, whatever the rules for new ones. */
export function validateLogin(body: LoginBody): Validated<{ email: string; password: string }> {
  const mailed = email.safeParse(body.email);
  const password = body.password === '' ? 'form.wrong.password.missing' : null;
  const errors = wrongOf({ email: emailFault(body.email), password });
  return mailed.success && Object.keys(errors).length === 0
    ? { values: { email: mailed.data, password: body.password } }
    : { wrong: errors };
}

/** @throws Failure 400 when the body does not have the shape of the form: no form of ours sends that. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Failure(400, 'the body is not that of the form');
  return parsed.data;
}
