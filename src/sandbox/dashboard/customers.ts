import type { Request, Router } from 'express';
import { z } from 'zod';
import type { PageParts } from '../hosted/frame';
import { money } from '../hosted/money';
import { doings } from './frame';

const from = z.string().regex(/^\w{1,80}$/);

/** What happens to customers, their charges and prices, from the page of a subscription. */
export function customerRoutes(parts: PageParts): Router {
  const { world, acts } = parts.sandbox;
  const { router, on } = doings(parts);
  const back = (req: Request) => `/sandbox/subscriptions/${from.parse((req.body as { from: unknown }).from)}`;
  const idIn = (req: Request) => String(req.params['id']);

  on('/sandbox/customers/:id/delete', z.strictObject({ from }), back, (_, { say }, req) => {
    acts.deleteCustomer(idIn(req));
    return say('sandbox.done.customer-deleted');
  });
  on('/sandbox/prices/:id/archive', z.strictObject({ from }), back, (_, { say }, req) => {
    acts.archivePrice(idIn(req));
    return say('sandbox.done.price-archived');
  });
  on(
    '/sandbox/charges/:id/refund',
    z.strictObject({
      from,
      amount: z
        .string()
        .regex(/^[1-9]\d{0,8}$/)
        .transform(Number),
    }),
    back,
    ({ amount }, language, req) => {
      const refund = acts.refund(idIn(req), amount);
      const charge = world.charges.get(idIn(req));
      return language.say(charge?.refunded ? 'sandbox.done.refunded-all' : 'sandbox.done.refunded', {
        amount: money(language, refund.amount, refund.currency),
      });
    },
  );
  on('/sandbox/charges/:id/dispute', z.strictObject({ from }), back, (_, { say }, req) => {
    acts.openDispute(idIn(req));
    return say('sandbox.done.disputed');
  });
  on(
    '/sandbox/disputes/:id/close',
    z.strictObject({ from, status: z.enum(['won', 'lost']) }),
    back,
    ({ status }, { say }, req) => {
      acts.closeDispute(idIn(req), status);
      return say(`sandbox.done.dispute-${status}`);
    },
  );
  return router;
}
