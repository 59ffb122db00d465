import { Router } from 'express';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withinLimit } from '../../http/too-many-requests';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { openOverview } from './overview';
import { findCustomer } from '../stripe/customers';
import { readButton } from '../forms';
import { findPortalConfiguration } from '../stripe/portal-configuration';
import { loggedIn, type BillingPageParts } from '../pages';
import { missing } from '../stripe/client';
import { troubleOf } from '../stripe/trouble';
import { syncCustomer } from '../sync/sync-customer';

/**
 * Looks whether Stripe still has a customer of whom it says that there is none. Null: it has, and something else is
 * missing; or it does not answer.
 */
async function lookForCustomer(
  parts: BillingPageParts,
  accountId: string,
  customer: string,
): Promise<'gone' | 'unknown' | null> {
  const looked = await syncCustomer(parts, customer).catch(() => null);
  if (looked === null) return null;
  parts.accountChanged(accountId);
  if (looked.outcome === 'unknown') return 'unknown';
  const left = await parts.wall.read(accountsViewer, (db) => findCustomer(db, accountId));
  return left?.stripeId === customer ? null : 'gone';
}

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
      await withinLimit(limits.tryAct(id), 'questions to Stripe');
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
        const gone = missing(error) ? await lookForCustomer(parts, id, customer.stripeId) : null;
        if (gone !== null) return show(req, res, language.say(`billing.${gone}`), 409);
        const trouble = await troubleOf(parts, error, 'the portal');
        await show(req, res, language.say(trouble === 'away' ? 'billing.away.nothing-done' : 'billing.refused'), 503);
      }
    })
    .all(onlyMethods('POST'));
  return router;
}
