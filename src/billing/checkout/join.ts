import { Router, type Request, type Response } from 'express';
import { safeNext } from '../../accounts/login/next';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { audienceOf } from '../../http/audience';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { consentOf } from '../../http/consent';
import { formsMayLeadTo } from '../../http/headers';
import { joinPath } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { isReading } from '../../http/reading';
import { respond } from '../../http/respond';
import { withinLimit } from '../../http/too-many-requests';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { readShown, recordAcceptances } from '../../site/pages/acceptances';
import { openCheckout } from './checkout';
import { hasPaidAccess, hasRunningSubscription } from '../stripe/customers';
import { readJoin } from '../forms';
import { joinPage } from './join-page';
import { readOffers, type Offers } from './offers';
import { billingPath, loggedIn, type BillingPageParts } from '../pages';
import { troubleOf } from '../stripe/trouble';

const joinPathOf = (req: Request) => `/join/${String(req.params['paidTier'])}`;

/** `/join/:paidTier`: what it costs, month or year, and on to the hosted page to pay. */
export function joinRoutes(parts: BillingPageParts, language: Language): Router {
  const { site, wall, limits, hostedOrigins, publicUrl, joining } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  /** Money that is real is taken only where it is said by whom, and on what terms. */
  const closed = () => parts.livemode && site.pages.missingLegal.length > 0;
  const nextOf = (given: unknown) => safeNext(given, publicUrl, '') || null;

  const find = async (req: Request): Promise<Offers> => {
    const found = await readOffers(wall, String(req.params['paidTier']));
    if (!found) throw notFound('a tier');
    return found;
  };

  /** The section of whoever has a subscription, with the truth about it: it need not open anything. */
  const sectionOf = async (accountId: string) =>
    billingPath(
      language,
      (await wall.read(accountsViewer, (db) => hasPaidAccess(db, accountId, parts.clock.now())))
        ? 'subscribed-already'
        : 'subscription-closed',
    );

  const show = async (
    req: Request,
    res: Response,
    found: Offers,
    next: string | null,
    { wrong = null, per, status = 200 }: { wrong?: string | null; per?: string; status?: 200 | 503 } = {},
  ) => {
    const { reader } = res.locals;
    const page = joinPage(
      {
        ...found,
        per: per ?? (req.query['per'] === 'year' ? 'year' : 'month'),
        next,
        back: req.query['back'] === '1',
        wrong,
        member: reader.account !== null,
        rank: reader.viewer.rank,
        account: joinPath(site),
        consent: consentOf(site.pages, language, 'pay'),
        closed: closed(),
      },
      language,
    );
    const audience = audienceOf(reader);
    const layout = layoutOf(site, language, {
      title: page.heading,
      description: page.text,
      path: joinPathOf(req),
      ...(next === null ? {} : { next }),
      audience,
    });
    if (page.form) formsMayLeadTo(res, hostedOrigins);
    res.status(status);
    await respond(req, res, 'billing/join', { layout, page });
  };

  router
    .route('/join/:paidTier')
    .get(async (req, res) => {
      const found = await find(req);
      const { account } = res.locals.reader;
      if (account && (await wall.read(accountsViewer, (db) => hasRunningSubscription(db, account.id))))
        return res.redirect(303, await sectionOf(account.id));
      const next = nextOf(req.query['next']);
      // Whoever comes back from the hosted page has been here before.
      if (isReading(req) && req.query['back'] === undefined) joining(found.tier.slug, 'begun', next);
      await show(req, res, found, next);
    })
    .post(loggedIn(language, joinPathOf), formBody, async (req, res) => {
      const { per, next: given, accepted } = readJoin(req.body);
      const { id: accountId } = ownerOf(res);
      const next = nextOf(given);
      await withinLimit(limits.tryAct(accountId), 'questions to Stripe');
      const found = await find(req);
      const offer = found.offers.find(({ interval }) => interval === per);
      if (!offer || closed()) return show(req, res, found, next, { per, status: 503 });
      const shown = readShown(accepted);
      if (shown.length > 0) {
        const at = site.now();
        await wall.write(accountsViewer, (db) => recordAcceptances(db, accountId, shown, 'checkout', at));
        parts.accountChanged(accountId);
      }
      try {
        const way = await openCheckout(parts, { accountId, tier: found.tier.slug, offer, language, next });
        if (!('live' in way)) return res.redirect(303, way.url);
      } catch (error) {
        const trouble = await troubleOf(parts, error, 'a checkout');
        const wrong = language.say(trouble === 'away' ? 'billing.away.nothing-done' : 'join.refused.stripe');
        return show(req, res, found, next, { per, wrong, status: 503 });
      }
      parts.accountChanged(accountId);
      res.redirect(303, await sectionOf(accountId));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
