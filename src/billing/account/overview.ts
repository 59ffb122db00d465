import { Router, type Request, type Response } from 'express';
import { formatMoment } from '../../accounts/own/format';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withinLimit } from '../../http/too-many-requests';
import { Failure } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { joinLabel, tierTextsIn, wayInto } from '../../membership/tiers';
import { findCustomer } from '../stripe/customers';
import { readButton } from '../forms';
import { invoiceView } from './invoice-view';
import { readBilling, type MemberBilling } from './queries';
import type { BillingSectionPage } from '../page-types';
import { billingFrame, billingPath, loggedIn, renderBilling, type BillingPageParts } from '../pages';
import { troubleOf } from '../stripe/trouble';
import { fetchAllUpcoming, type UpcomingCharges } from '../stripe/upcoming';
import { subscriptionView } from './subscription-texts';
import { syncCustomer } from '../sync/sync-customer';
import { chargesAgain, isRunning } from '../running';

/** Answers with the section as it is known, and a sentence about what could not be done. */
export type ShowOverview = (
  req: Request,
  res: Response,
  trouble?: string | null,
  status?: 200 | 409 | 503,
) => Promise<void>;

/**
 * `/account/billing`: what is paid for, until when, and what can be done about it. Of Stripe it asks the next amount
 * alone, and is shown without where that does not come.
 */
export function openOverview(parts: BillingPageParts, language: Language): ShowOverview {
  return async (req, res, trouble = null, status = 200) => {
    const known = await readBilling(parts.wall, ownerOf(res).id, pageOf(req.query['page']));
    if (known.page > known.pages) throw new Failure(404, 'no such page of invoices');
    const page: BillingSectionPage = {
      ...overviewPage(known, await upcomingOf(parts, ownerOf(res).id, known), parts, language),
      frame: billingFrame(language, req, res),
      trouble,
    };
    await renderBilling(parts, language, req, res, 'overview', page, status);
  };
}

/** The section itself, and the ways back into it: both look at Stripe first. */
export function overviewRoutes(parts: BillingPageParts, language: Language): Router {
  const { wall, limits, accountChanged } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const show = openOverview(parts, language);
  const guard = loggedIn(language, '/account/billing');

  const syncNow = async (req: Request, res: Response) => {
    const { id } = ownerOf(res);
    await withinLimit(limits.trySync(id), 'questions to Stripe');
    const customer = await wall.read(accountsViewer, (db) => findCustomer(db, id));
    try {
      const looked = customer && (await syncCustomer(parts, customer.stripeId));
      if (looked?.outcome === 'unknown') return show(req, res, language.say('billing.unknown'), 409);
    } catch (error) {
      const trouble = await troubleOf(parts, error, 'a look by a member');
      return show(req, res, language.say(trouble === 'away' ? 'billing.away.known' : 'billing.refused'), 503);
    }
    accountChanged(id);
    res.redirect(303, billingPath(language, 'looked'));
  };

  router
    .route('/account/billing')
    .get(guard, (req, res) => show(req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/account/billing/look')
    .post(guard, formBody, async (req, res) => {
      readButton(req.body);
      await syncNow(req, res);
    })
    .all(onlyMethods('POST'));
  // Where Stripe's own pages lead back to.
  router.route('/account/billing/back').get(guard, syncNow).all(onlyMethods('GET', 'HEAD'));
  return router;
}

/** What is charged next. Whoever asks more often than a person does is told the dates alone. */
async function upcomingOf(
  { stripe, limits }: BillingPageParts,
  accountId: string,
  { subscriptions }: MemberBilling,
): Promise<UpcomingCharges> {
  const charged = subscriptions.filter(chargesAgain).map(({ stripeId }) => stripeId);
  if (charged.length === 0 || (await limits.tryPreview(accountId)) !== null) return new Map();
  return fetchAllUpcoming(stripe, charged);
}

function pageOf(given: unknown): number {
  if (given === undefined) return 1;
  if (typeof given !== 'string' || !/^[1-9]\d{0,3}$/.test(given)) throw new Failure(400, 'the page is not a number');
  return Number(given);
}

/** The way to what is paid for: to the one tier that is, or to the choice between several. Null: nothing is sold. */
function joinOffer({ tiers, subscriptions }: MemberBilling, language: Language): BillingSectionPage['join'] {
  const { say, prefix } = language;
  const paid = tiers.filter((tier) => wayInto(tier) === 'paid');
  if (paid.length === 0) return null;
  if (paid.length > 1)
    return { text: say('billing.none.text'), href: `${prefix}/pricing`, label: say('billing.join.choose') };
  const texts = tierTextsIn(paid[0]!, language);
  return {
    text: `${say('billing.none.text')} ${texts.blurb}`,
    href: `${prefix}/join/${texts.slug}`,
    label: subscriptions.length > 0 ? say('billing.join.again', { tier: texts.name }) : joinLabel(texts, language),
  };
}

function overviewPage(
  known: MemberBilling,
  upcoming: UpcomingCharges,
  { clock, graceDays }: BillingPageParts,
  language: Language,
): Omit<BillingSectionPage, 'frame' | 'trouble'> {
  const { say, prefix } = language;
  const live = known.subscriptions.filter(isRunning);
  const at = (page: number) => `${prefix}/account/billing${page > 1 ? `?page=${page}` : ''}`;
  return {
    subscriptions: known.subscriptions.map((one) =>
      subscriptionView(one, { ...known, now: clock.now(), graceDays, upcoming }, language),
    ),
    several: live.length > 1 ? say('billing.several') : null,
    join: live.length > 0 ? null : joinOffer(known, language),
    portal: known.customer ? `${prefix}/account/billing/portal` : null,
    sync: known.customer ? `${prefix}/account/billing/look` : null,
    asOf: known.customer?.syncedAt
      ? say('billing.as-of', { moment: formatMoment(language, known.customer.syncedAt) })
      : null,
    invoices: known.invoices.map((one) => invoiceView(one, language)),
    paging:
      known.pages === 1
        ? null
        : {
            previous: known.page > 1 ? at(known.page - 1) : null,
            next: known.page < known.pages ? at(known.page + 1) : null,
            numbers: Array.from({ length: known.pages }, (_, index) => ({
              number: index + 1,
              href: at(index + 1),
              current: index + 1 === known.page,
            })),
          },
  };
}
