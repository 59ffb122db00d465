import { urlencoded, type RequestHandler } from 'express';
import { z } from 'zod';
import { Failure } from '../lib/failure';

/** Bytes and fields a form of ours may have at most. */
const MOST_BYTES = 16_384;
const MOST_FIELDS = 40;

/** Reads the body of a form. Names stay flat: what is sent as `a[b]` is a field called `a[b]`. */
export const formBody: RequestHandler = urlencoded({ extended: false, limit: MOST_BYTES, parameterLimit: MOST_FIELDS });

/** A form that was understood; or, by field, the last part of the phrase that says what is wrong. */
export type Filled<T> = { readonly data: T; readonly faults: null } | { readonly data: null; readonly faults: Readonly<Record<string, string>> };

/**
 * Understands a form. A schema's messages are the last parts of phrases' keys.
 * @throws Failure 400 when fields are missing, strange, or sent as something else: no form of ours does that.
 */
export function readForm<T>(schema: z.ZodType<T>, body: unknown): Filled<T> {
  const understood = schema.safeParse(body ?? {});
  if (understood.success) return { data: understood.data, faults: null };
  const { issues } = understood.error;
  if (issues.some(({ code }) => code === 'invalid_type' || code === 'unrecognized_keys' || code === 'invalid_union')) throw new Failure(400, 'a form in another shape than ours');
  return { data: null, faults: Object.fromEntries([...issues].reverse().map(({ path, message }) => [String(path[0]), message])) };
}
