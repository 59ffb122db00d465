import { Router, type Request } from 'express';
import type Stripe from 'stripe';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { StripeFailure } from '../failure';
import { idOf } from '../find';
import { cardField } from './cards';
import { languageOf, show, type PageParts } from './frame';
import { money, priceOf } from './money';
import { featuresOf, portalPage, pricesFor, subscriptionsOf } from './portal-page';
import { read } from './read';
import { formsMayLeadTo } from './security';

/** A visit that was let in. */
interface Visit {
  readonly session: Stripe.BillingPortal.Session;
  readonly language: Language;
  readonly features: Stripe.BillingPortal.Configuration.Features;
}

/**
 * `/p/session/:secret`, the customer portal: whoever has the address is the customer, and may do what its configuration
 * allows.
 */
export function portalRoutes(parts: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { world, acts } = parts.sandbox;
  const base = (req: Request) => `/p/session/${String(req.params['secret'])}`;

  const enter = (req: Request): Visit => {
    const session = [...world.portalSessions.values()].find(({ url }) => new URL(url).pathname === base(req));
    const customer = session && world.customers.get(session.customer ?? '');
    if (!session || !customer || customer.deleted) throw notFound('a portal');
    const language = languageOf(
      parts,
      req,
      session.locale && session.locale !== 'auto' ? session.locale : customer.preferred_locales?.[0],
    );
    return { session, language, features: featuresOf(world, session) };
  };

  /**
   * One form of the portal: does it, then says so on the portal's page, or leads back where the visit came from to do
   * this.
   */
  const doing = <T>(at: string, schema: z.ZodType<T>, act: (visit: Visit, fields: T, req: Request) => string): void => {
    router
      .route(`/p/session/:secret/${at}`)
      .post(formBody, (req, res) => {
        const visit = enter(req);
        const fields = read(schema, req);
        try {
          const text = act(visit, fields, req);
          const { flow } = visit.session;
          if (flow?.after_completion.type === 'redirect' && flow.after_completion.redirect?.return_url)
            return res.redirect(303, flow.after_completion.redirect.return_url);
          res.redirect(303, `${base(req)}?said=${parts.sayings.keep(text)}`);
        } catch (error) {
          if (!(error instanceof StripeFailure)) throw error;
          res.redirect(303, `${base(req)}?said=${parts.sayings.keep(error.message, true)}`);
        }
      })
      .all(onlyMethods('POST'));
  };

  const own = ({ session }: Visit, id: string): Stripe.Subscription => {
    const found = subscriptionsOf(world, session.customer ?? '').find((one) => one.id === id);
    if (!found) throw notFound('a subscription');
    return found;
  };
  const allowed = (does: boolean): void => {
    if (!does) throw new Failure(403, 'the portal does not allow it');
  };

  router
    .route('/p/session/:secret')
    .get(async (req, res) => {
      const { session, language, features } = enter(req);
      formsMayLeadTo(res, [session.flow?.after_completion.redirect?.return_url]);
      const page = portalPage(parts, language, session, features, base(req), parts.sayings.find(req.query['said']));
      await show(parts, res, language, 'portal', language.say('sandbox.portal.title'), page);
    })
    .all(onlyMethods('GET', 'HEAD'));

  doing('card', z.strictObject({ card: cardField }), ({ session, language, features }, { card }) => {
    allowed(features.payment_method_update.enabled);
    acts.replaceCard(session.customer ?? '', card);
    return language.say('sandbox.portal.card-replaced');
  });

  doing('cancel', z.strictObject({ subscription: z.string() }), (visit, { subscription }) => {
    const { id, status } = own(visit, subscription);
    const { enabled, mode } = visit.features.subscription_cancel;
    allowed(enabled && status !== 'canceled');
    if (mode === 'immediately') acts.cancelNow(id);
    else acts.cancelAtPeriodEnd(id, true);
    return visit.language.say(mode === 'immediately' ? 'sandbox.portal.cancelled-now' : 'sandbox.portal.cancelled');
  });

  doing('undo', z.strictObject({ subscription: z.string() }), (visit, { subscription }) => {
    const { id } = own(visit, subscription);
    allowed(visit.features.subscription_cancel.enabled);
    acts.cancelAtPeriodEnd(id, false);
    return visit.language.say('sandbox.portal.undone');
  });

  doing(
    'plan',
    z.strictObject({ subscription: z.string(), price: z.string() }),
    (visit, { subscription, price: wanted }) => {
      const { language, features } = visit;
      const found = own(visit, subscription);
      const price = pricesFor(world, features, found).find(({ id }) => id === wanted);
      allowed(price !== undefined);
      if (idOf(found.items.data[0]?.price ?? '') === wanted) return language.say('sandbox.portal.plan-same');
      const before = found.latest_invoice && idOf(found.latest_invoice);
      const answer = acts.changePrice(found.id, wanted, prorationOf(features));
      if (answer.outcome === 'declined')
        throw new StripeFailure(402, language.say('sandbox.pay.declined', { message: answer.message }));
      const after = found.latest_invoice && world.invoices.get(idOf(found.latest_invoice));
      const invoiced =
        after && after.id !== before
          ? language.say('sandbox.portal.plan-invoiced', { amount: money(language, after.amount_due, after.currency) })
          : '';
      const changed = language.say('sandbox.portal.plan-changed', { price: priceOf(language, price!) });
      return `${changed} ${invoiced}`.trimEnd();
    },
  );
  return router;
}

function prorationOf({
  subscription_update: { proration_behavior: wanted },
}: Visit['features']): 'always_invoice' | 'create_prorations' | 'none' {
  if (wanted === 'none') return 'none';
  return wanted === 'always_invoice' ? 'always_invoice' : 'create_prorations';
}
