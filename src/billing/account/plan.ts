import { Router, type Request, type Response } from 'express';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { withinLimit } from '../../http/too-many-requests';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { findTiers } from '../../membership/tiers';
import { openOverview } from './overview';
import { findItem, makeChange, previewChange, type Change } from './change';
import { changePage } from './change-page';
import { readChange, readChangeQuery } from '../forms';
import { findSubscription } from './queries';
import { readOffers } from '../checkout/offers';
import { billingFrame, billingPath, loggedIn, renderBilling, type BillingPageParts } from '../pages';
import { cardError, refused } from '../stripe/client';
import { troubleOf } from '../stripe/trouble';
import { reasonNow } from './subscription-texts';
import { syncCustomer } from '../sync/sync-customer';

interface PlanRequest {
  readonly subscription: string;
  readonly to: 'month' | 'year';
  /** Another paid tier; not given: the one it is of. */
  readonly tier?: string | undefined;
}

/** Seconds for which a change costs what was shown. */
const HOLDS = 15 * 60;

/**
 * From month to year and back, and from one paid tier to another: what it would cost, to the cent, and then the change
 * itself at that price.
 */
export function planRoutes(parts: BillingPageParts, language: Language): Router {
  const { wall, clock, limits, accountChanged } = parts;
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const guard = loggedIn(language, '/account/billing');
  const showSection = openOverview(parts, language);
  const now = () => Math.floor(clock.now().getTime() / 1_000);

  /** The subscription and its new price; null when there is nothing to change, and the section has said so. */
  const find = async (req: Request, res: Response, { subscription: id, to, tier }: PlanRequest) => {
    const found = await wall.read(accountsViewer, (db) => findSubscription(db, ownerOf(res).id, id));
    if (!found) throw notFound('subscription');
    const offers = found.tierSlug === null ? null : await readOffers(wall, tier ?? found.tierSlug);
    const offer = offers?.offers.find(({ interval }) => interval === to);
    if (
      !offers ||
      !offer ||
      found.interval === null ||
      found.paused !== null ||
      reasonNow(found, clock.now()) !== 'active'
    ) {
      await showSection(req, res, say('billing.change.not-now'), 409);
      return null;
    }
    const was = tier === undefined || tier === found.tierSlug ? null : found.tierSlug;
    return { found, offer, from: found.interval, move: was === null ? null : { was, to: offers.tier } };
  };
  type PlanFacts = NonNullable<Awaited<ReturnType<typeof find>>>;

  const show = async (
    req: Request,
    res: Response,
    { found, offer, from, move }: PlanFacts,
    item: string,
    trouble: string | null = null,
    status = 200,
    notBefore = 0,
  ) => {
    const change: Change = {
      subscription: found.stripeId,
      customer: found.customerStripeId,
      item,
      offer,
      date: Math.max(now(), notBefore),
    };
    const preview = await previewChange(parts, change);
    const tiers = move ? await wall.read(accountsViewer, findTiers) : [];
    await renderBilling(
      parts,
      language,
      req,
      res,
      'change',
      {
        ...changePage(
          {
            preview,
            offer,
            from,
            move: move && { ...move, was: tiers.find(({ slug }) => slug === move.was) ?? null },
            date: change.date,
            subscription: found.stripeId,
            action: `${prefix}/account/billing/plan`,
            back: billingPath(language),
            trouble,
          },
          language,
        ),
        frame: billingFrame(language, req, res),
      },
      status,
    );
  };

  const changedAlready = async (res: Response, { found }: PlanFacts) => {
    await syncCustomer(parts, found.customerStripeId);
    accountChanged(ownerOf(res).id);
    res.redirect(303, billingPath(language, 'plan-changed'));
  };

  /** Runs a step that asks Stripe; what it does not answer or refuses is said in the section. */
  const asking = async (req: Request, res: Response, { found }: PlanFacts, step: () => Promise<void>, away: string) => {
    try {
      await step().catch(async (error: unknown) => {
        if (!refused(error)) throw error;
        // How it is now is found out before it is said.
        const { outcome } = await syncCustomer(parts, found.customerStripeId);
        accountChanged(ownerOf(res).id);
        await showSection(req, res, say(outcome === 'unknown' ? 'billing.unknown' : 'billing.overtaken'), 409);
      });
    } catch (error) {
      const trouble = await troubleOf(parts, error, 'a change of plan');
      await showSection(req, res, say(trouble === 'away' ? away : 'billing.refused'), 503);
    }
  };

  router
    .route('/account/billing/plan')
    .get(guard, async (req, res) => {
      const found = await find(req, res, readChangeQuery(req.query));
      if (!found) return;
      await withinLimit(limits.trySync(ownerOf(res).id), 'questions to Stripe');
      await asking(
        req,
        res,
        found,
        async () => {
          const one = await findItem(parts, found.found.stripeId, found.offer);
          if (one === 'made already') return changedAlready(res, found);
          if (one === 'several items') return showSection(req, res, say('billing.change.several'), 409);
          await show(req, res, found, one.item);
        },
        'billing.away.nothing-done',
      );
    })
    .post(guard, formBody, async (req, res) => {
      const { date, ...asked } = readChange(req.body);
      const found = await find(req, res, asked);
      if (!found) return;
      await withinLimit(limits.tryAct(ownerOf(res).id), 'questions to Stripe');
      await asking(
        req,
        res,
        found,
        async () => {
          const one = await findItem(parts, found.found.stripeId, found.offer);
          if (one === 'made already') return changedAlready(res, found);
          if (one === 'several items') return showSection(req, res, say('billing.change.several'), 409);
          // What was shown long ago is no longer what it costs.
          if (date > now() + 60 || date < now() - HOLDS)
            return show(req, res, found, one.item, say('billing.change.stale'), 409);
          try {
            await makeChange(parts, {
              subscription: found.found.stripeId,
              customer: found.found.customerStripeId,
              item: one.item,
              offer: found.offer,
              date,
            });
          } catch (error) {
            // Tried again it is another try, and not the answer to this one once more.
            const card = cardError(error);
            if (card === null) throw error;
            return show(
              req,
              res,
              found,
              one.item,
              say(
                /authenticat|requires_action/.test(`${card.code} ${card.declineCode ?? ''}`)
                  ? 'billing.change.authenticate'
                  : 'billing.change.declined',
              ),
              422,
              date + 1,
            );
          }
          await changedAlready(res, found);
        },
        'billing.away.unsure',
      );
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
