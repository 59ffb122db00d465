import { z } from 'zod';
import { Failure } from '../lib/failure';
import { findPasswordFault } from './password-rules';

/** What is wrong with a form: for each wrong field the key of the sentence that says so. */
export type Wrong = Readonly<Record<string, string>>;

/** A form understood, or what is wrong with it. */
export type Understood<T> = { readonly values: T } | { readonly wrong: Wrong };

/** One address has one form: without space around it, in lower case. Longer ones are no addresses (RFC 5321, 4.5.3.1). */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(z.regexes.html5Email)
  .regex(/@[^@]+\.[^@.]+$/);

/** A name is printed, never run and never a link: no control characters, no turning of the writing, no address. */
export const name = z
  .string()
  .trim()
  .normalize('NFC')
  .refine(
    (text) => [...text].length <= 100 && !/[\p{Cc}\p{Cs}\p{Co}\u2028-\u202e\u2066-\u2069<>]|:\/\/|www\./iu.test(text),
  );

/** What a browser sends for these forms; anything else was not typed into one of ours. */
const joinBody = z.strictObject({
  name: z.string(),
  email: z.string(),
  password: z.string(),
  next: z.string().optional(),
});
const loginBody = joinBody.omit({ name: true });

export type JoinBody = z.infer<typeof joinBody>;
export type LoginBody = z.infer<typeof loginBody>;

/** @throws Failure 400 when the body does not have the shape of the form. */
export const readJoin = (body: unknown): JoinBody => shaped(joinBody, body);
/** @throws Failure 400 when the body does not have the shape of the form. */
export const readLogin = (body: unknown): LoginBody => shaped(loginBody, body);

/** What was typed into the form for joining. `site` is the name a password may not be. */
export function understandJoin(
  body: JoinBody,
  site: string,
): Understood<{ name: string; email: string; password: string }> {
  const [named, mailed] = [name.safeParse(body.name), email.safeParse(body.email)];
  const fault = body.password === '' ? 'missing' : findPasswordFault(body.password, [body.name, body.email, site]);
  const wrong: Wrong = {
    ...(body.name.trim() === ''
      ? { name: 'form.wrong.name.missing' }
      : named.success
        ? {}
        : { name: 'form.wrong.name' }),
    ...(body.email.trim() === ''
      ? { email: 'form.wrong.email.missing' }
      : mailed.success
        ? {}
        : { email: 'form.wrong.email' }),
    ...(fault === null ? {} : { password: `form.wrong.password.${fault}` }),
  };
  return named.success && mailed.success && Object.keys(wrong).length === 0
    ? { values: { name: named.data, email: mailed.data, password: body.password } }
    : { wrong };
}

/** What was typed into the form for logging in. A password is compared as it is, whatever the rules for new ones. */
export function understandLogin(body: LoginBody): Understood<{ email: string; password: string }> {
  const mailed = email.safeParse(body.email);
  const wrong: Wrong = {
    ...(body.email.trim() === ''
      ? { email: 'form.wrong.email.missing' }
      : mailed.success
        ? {}
        : { email: 'form.wrong.email' }),
    ...(body.password === '' ? { password: 'form.wrong.password.missing' } : {}),
  };
  return mailed.success && Object.keys(wrong).length === 0
    ? { values: { email: mailed.data, password: body.password } }
    : { wrong };
}

/** @throws Failure 400 when the body does not have the shape of the form: no form of ours sends that. */
export function shaped<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Failure(400, 'the body is not that of the form');
  return parsed.data;
}
