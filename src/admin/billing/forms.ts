import { z } from 'zod';
import { parseBody } from '../../accounts/forms';
import { Failure } from '../../lib/failure';
import { withPresentNames } from '../../http/former-fields';

/**
 * An id of Stripe's. Addresses are lower case here and Stripe's ids are not, so they go as fields and never in a path.
 */
const idOf = (kind: string) =>
  z
    .string()
    .max(255)
    .regex(new RegExp(`^${kind}_\\w+$`));

const submission = z.uuid();

const readForm = <T>(schema: z.ZodType<T>, body: unknown): T => parseBody(schema, withPresentNames(body));

/** Forms and addresses of this section; anything else was not made here. @throws Failure 400 */
export const readSettling = (body: unknown) =>
  readForm(
    z.strictObject({ submission, back: z.literal('alarms').optional(), end: z.literal('yes').optional() }),
    body,
  );
export const readReconcile = (body: unknown) =>
  readForm(z.strictObject({ submission, scope: z.enum(['changed', 'all']) }), body);
export const readEvent = (query: unknown) => parseBody(z.object({ id: idOf('evt') }), query).id;
export const readReplay = (body: unknown) => readForm(z.strictObject({ submission, id: idOf('evt') }), body);
export const readReplayAll = (body: unknown) =>
  readForm(z.strictObject({ submission, remark: z.string().max(1_000).optional() }), body);
export const readCustomer = (query: unknown) => parseBody(z.object({ customer: idOf('cus') }), query).customer;
export const readRepair = (body: unknown) => readForm(z.strictObject({ submission, customer: idOf('cus') }), body);

const none = z.literal('').transform(() => undefined);

/** A field of a filter, which may be empty or missing. */
export const some = <T extends z.ZodType>(schema: T) => z.union([none, schema]).optional();

/** The query of a list. @throws Failure 400 for what no form of ours asks for. */
export function readFilter<T>(schema: z.ZodType<T>, query: unknown): T {
  const parsed = schema.safeParse(query);
  if (!parsed.success) throw new Failure(400, 'that is not asked for here');
  return parsed.data;
}

const place = z.tuple([z.number().int(), z.string().min(1).max(255)]);

/** A row's place in a list by time, as an address carries it. */
export const writePlace = (at: Date, id: string): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url');

/** @throws Failure 400 for what no link of ours says. */
export function readPlace(given: string): { readonly at: Date; readonly id: string } {
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(given, 'base64url').toString('utf8')));
    const moment = new Date(at);
    if (Number.isNaN(moment.getTime())) throw new Error('no moment');
    return { at: moment, id };
  } catch (cause) {
    throw new Failure(400, 'that is no place in the list', { cause });
  }
}
