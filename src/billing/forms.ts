import { z } from 'zod';
import { parseBody } from '../accounts/forms';

const interval = z.enum(['month', 'year']);

const joinBody = z.strictObject({
  per: interval,
  next: z.string().optional(),
  accepted: z.string().max(200).optional(),
});
/** @throws Failure 400 when the body is not that of the form. */
export const readJoin = (body: unknown): z.infer<typeof joinBody> => parseBody(joinBody, body);

/**
 * A Stripe id of one kind. Addresses are lower case here and Stripe's ids are not, so they go as fields and never in a
 * path.
 */
const idOf = (kind: 'sub' | 'in') =>
  z
    .string()
    .max(255)
    .regex(new RegExp(`^${kind}_\\w+$`));

/** A slug of a tier; which tier is sold is not for the form to say. */
const tier = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .optional();

const changeBody = z.strictObject({
  subscription: idOf('sub'),
  to: interval,
  tier,
  date: z
    .string()
    .regex(/^\d{10}$/)
    .transform(Number),
});
/** `date` in seconds. @throws Failure 400 when the body is not that of the form. */
export const readChange = (body: unknown): z.infer<typeof changeBody> => parseBody(changeBody, body);

const nothing = z.strictObject({});
/** A form that is one button. @throws Failure 400 when the body holds anything. */
export const readButton = (body: unknown): void => {
  parseBody(nothing, body ?? {});
};

const ofSubscription = z.strictObject({ subscription: idOf('sub') });
/** A form, or the query of an address, about one subscription. @throws Failure 400 when it is not that. */
export const readSubscription = (given: unknown): z.infer<typeof ofSubscription> => parseBody(ofSubscription, given);

const changeQuery = z.strictObject({ subscription: idOf('sub'), to: interval, tier });
/** @throws Failure 400 when the address names no subscription and no interval. */
export const readChangeQuery = (query: unknown): z.infer<typeof changeQuery> => parseBody(changeQuery, query);

const invoiceQuery = z.strictObject({ id: idOf('in') });
/** @throws Failure 400 when the address names no invoice. */
export const readInvoiceQuery = (query: unknown): z.infer<typeof invoiceQuery> => parseBody(invoiceQuery, query);

/** The id of a checkout session as Stripe puts it into an address; null: it is none. */
export function sessionId(given: unknown): string | null {
  return typeof given === 'string' && given.length <= 255 && /^cs_\w+$/.test(given) ? given : null;
}
