import { Router } from 'express';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { openOverview } from './overview';
import { findCustomer } from '../stripe/customers';
import { readButton } from '../forms';
import { findPortalConfiguration } from '../stripe/portal-configuration';
import { loggedIn, withinLimit, type BillingPageParts } from '../pages';
import { troubleOf } from '../stripe/trouble';

/**
 * The way to Stripe's own pages: the card, the invoices, the end. One comes back through a look at what changed there.
 */
export function portalRoutes(parts: BillingPageParts, language: Language): Router {
  const { wall, stripe, limits, publicUrl } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const show = openOverview(parts, language);

  router
    .route('/account/billing/portal')
    .post(loggedIn(language, '/account/billing'), formBody, async (req, res) => {
      readButton(req.body);
      const { id } = ownerOf(res);
      const customer = await wall.read(accountsViewer, (db) => findCustomer(db, id));
      if (!customer) throw notFound('customer');
      await withinLimit(limits.tryAct(id));
      try {
        const configuration = await findPortalConfiguration(stripe);
        const { url } = await stripe.billingPortal.sessions.create({
          customer: customer.stripeId,
          return_url: `${publicUrl}${language.prefix}/account/billing/back`,
          locale: language.code,
          ...(configuration === null ? {} : { configuration }),
        });
        res.redirect(303, url);
      } catch (error) {
        const trouble = await troubleOf(parts, error, 'the portal');
        await show(req, res, language.say(trouble === 'away' ? 'billing.away.nothing-done' : 'billing.refused'), 503);
      }
    })
    .all(onlyMethods('POST'));
  return router;
}
