import { Router, type Request, type Response } from 'express';
import { safeNext } from '../../accounts/login/next';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import { withinLimit } from '../../http/too-many-requests';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { nameOfTier } from '../../membership/tiers';
import { hasPaidAccess } from '../stripe/customers';
import { sessionId } from '../forms';
import { loggedIn, type BillingPageParts } from '../pages';
import { missing } from '../stripe/client';
import { troubleOf } from '../stripe/trouble';
import { syncCustomer } from '../sync/sync-customer';

/** Sessions of Stripe's that are remembered as counted. */
const MOST_TOLD = 10_000;

const pathOf = (req: Request) => `/join/${String(req.params['paidTier'])}/done`;

type DoneKey = 'welcome' | 'processing' | 'away';
interface Link {
  readonly label: string;
  readonly href: string;
}

/** What has come of it, as a notice. */
async function answerDone(
  { site, wall, language }: Pick<BillingPageParts, 'site' | 'wall'> & { readonly language: Language },
  req: Request,
  res: Response,
  { slug, key, status, links }: { slug: string; key: DoneKey; status: 200 | 503; links: readonly Link[] },
): Promise<void> {
  const tier = await wall.read(accountsViewer, (db) => nameOfTier(db, slug, language));
  const heading = language.say(`join.done.${key}.heading`, { tier });
  const page = { label: tier, heading, paragraphs: [language.say(`join.done.${key}.text`)], rows: [], links };
  const head = { title: heading, path: pathOf(req), next: null, noindex: true, audience: 'member' } as const;
  res.status(status);
  await respond(req, res, 'notice', { layout: layoutOf(site, language, head), page });
}

/**
 * Where one comes back to from the hosted page. It believes nothing of its own address: the session is read back from
 * Stripe, has to be of this account's customer, and what was paid is found out as everywhere else. Nobody is logged in
 * here.
 */
export function joinDoneRoutes(parts: BillingPageParts, language: Language): Router {
  const { site, wall, stripe, limits, clock, publicUrl, accountChanged, joining } = parts;
  const told = new Set<string>();
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;

  router
    .route('/join/:paidTier/done')
    .get(loggedIn(language, pathOf), async (req, res) => {
      const slug = String(req.params['paidTier']);
      const { id: accountId } = ownerOf(res);
      const id = sessionId(req.query['session_id']);
      const { customers, tiers } = await wall.read(accountsViewer, async (db) => ({
        customers: await db.customer.findMany({
          where: { accountId, stripeId: { not: null } },
          select: { stripeId: true },
        }),
        tiers: await db.tier.count({ where: { slug } }),
      }));
      if (id === null || tiers === 0 || customers.length === 0) throw notFound('checkout session');
      await withinLimit(limits.trySync(accountId), 'questions to Stripe');
      const next = safeNext(req.query['next'], publicUrl, '') || null;

      const answer = (key: DoneKey, status: 200 | 503, links: readonly Link[]) =>
        answerDone({ site, wall, language }, req, res, { slug, key, status, links });
      const refresh = { label: say('join.done.refresh'), href: req.originalUrl };
      const section = { label: say('join.done.billing'), href: `${prefix}/account/billing` };

      try {
        const session = await stripe.checkout.sessions.retrieve(id);
        const customer = typeof session.customer === 'string' ? session.customer : (session.customer?.id ?? null);
        if (customer === null || !customers.some((one) => one.stripeId === customer))
          throw notFound('checkout session');
        if (session.status !== 'complete')
          return res.redirect(
            303,
            `${prefix}/join/${slug}?back=1${next === null ? '' : `&next=${encodeURIComponent(next)}`}`,
          );
        await syncCustomer(parts, customer);
        accountChanged(accountId);
        const access = await wall.read(accountsViewer, (db) => hasPaidAccess(db, accountId, clock.now()));
        // Paid, and nothing opens: what it is then stands in the section.
        if (!access)
          return session.payment_status === 'unpaid'
            ? await answer('processing', 200, [refresh, section])
            : res.redirect(303, section.href);
        // However often the page is opened, what was bought is one purchase.
        if (!told.has(id)) {
          if (told.size >= MOST_TOLD) told.clear();
          told.add(id);
          joining(slug, 'done', next);
        }
        if (next !== null) return res.redirect(303, next);
        await answer('welcome', 200, [{ label: say('join.done.read'), href: prefix || '/' }, section]);
      } catch (error) {
        if (missing(error)) throw notFound('checkout session');
        await troubleOf(parts, error, 'a checkout');
        await answer('away', 503, [refresh, section]);
      }
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
