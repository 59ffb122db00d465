import { Router, type Request, type Response } from 'express';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { withinLimit } from '../../http/too-many-requests';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { openOverview } from './overview';
import { readInvoiceQuery } from '../forms';
import { loggedIn, type BillingPageParts } from '../pages';
import { missing } from '../stripe/client';
import { troubleOf } from '../stripe/trouble';

/**
 * The ways from an invoice of ours to Stripe's page of it, to be paid or kept. The address is asked for each time,
 * because Stripe's own stop working after some weeks and letters are read late.
 */
export function invoiceRoutes(parts: BillingPageParts, language: Language): Router {
  const { wall, stripe, limits } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const show = openOverview(parts, language);

  const lead = (which: 'hosted_invoice_url' | 'invoice_pdf') => async (req: Request, res: Response) => {
    const { id: accountId } = ownerOf(res);
    const { id } = readInvoiceQuery(req.query);
    const known = await wall.read(accountsViewer, (db) =>
      db.invoice.findFirst({ where: { stripeId: id, customer: { accountId } }, select: { stripeId: true } }),
    );
    if (!known) throw notFound('invoice');
    await withinLimit(limits.tryAct(accountId), 'questions to Stripe');
    try {
      const address = (await stripe.invoices.retrieve(known.stripeId))[which];
      if (!address) throw notFound('the page of an invoice');
      res.redirect(303, address);
    } catch (error) {
      if (missing(error)) return show(req, res, language.say('billing.overtaken'), 409);
      const trouble = await troubleOf(parts, error, 'an invoice');
      await show(req, res, language.say(trouble === 'away' ? 'billing.away.nothing-done' : 'billing.refused'), 503);
    }
  };

  const guard = loggedIn(language, '/account/billing');
  router.route('/account/billing/invoice').get(guard, lead('hosted_invoice_url')).all(onlyMethods('GET', 'HEAD'));
  router.route('/account/billing/invoice/pdf').get(guard, lead('invoice_pdf')).all(onlyMethods('GET', 'HEAD'));
  return router;
}
