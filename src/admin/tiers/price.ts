import { Router, type Request, type Response } from 'express';
import { adminViewer, accountsViewer } from '../../access/viewer';
import { refreshPrices } from '../../billing/stripe/refresh-prices';
import { priceTier } from '../../billing/stripe/setup';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { actionContext, perform, type AdminAction, type OutsideResult, type Rejection } from '../action/perform';
import { readFields, readSubmission, type Fields } from '../action/submission';
import { askStripe } from '../billing/stripe-result';
import { withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import type { TierParts } from './parts';
import { readPriceCase, type Amounts, type PriceCase } from './price-case';
import { pricePage } from './price-page';

const AUDIT_ACTION = 'tier-priced';

interface Context {
  readonly parts: TierParts;
  readonly language: Language;
}

/**
 * `/admin/tiers/:slug/price`: what a paid tier costs from now on. Stripe gets a new price first, under the name the
 * earlier one had; then the tier says the same, in one transaction with the audit entry. Whoever pays the earlier price
 * keeps it.
 */
export function tierPriceRoutes(parts: TierParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/tiers/:slug/price')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => ask(context, req, res))
    .post(formBody, (req, res) => confirm(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

const load = ({ parts, language }: Context, slug: unknown, fields: Fields): Promise<PriceCase> =>
  parts.wall.read(accountsViewer, (db) => readPriceCase(db, language, slug, fields));

async function ask(context: Context, req: Request, res: Response): Promise<void> {
  const fields = readFields(req.query);
  await show(context, req, res, await load(context, req.params['slug'], fields), fields);
}

async function confirm(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const submission = readSubmission(req);
  const slug = String(req.params['slug']);
  const action = priceAction(context, slug, submission.fields);
  const outcome = await perform(action, submission, await actionContext(parts, language, req, res));
  if (outcome.is === 'rejected') return show(context, req, res, outcome.it, submission.fields, outcome.rejection);
  // Stripe tells of its new price as well: what is not read now is read then.
  if (outcome.done !== null)
    await refreshPrices(parts.sync).catch((error: unknown) =>
      parts.log.error({ err: error }, 'the new price could not be read back from Stripe yet'),
    );
  res.redirect(303, withQuery(`${language.prefix}/admin/tiers`, { done: AUDIT_ACTION }));
}

/** What Stripe has made: the ids of its objects. */
type PricedAtStripe = readonly string[];

function priceAction(context: Context, slug: string, fields: Fields): AdminAction<PriceCase, PricedAtStripe> {
  const { sync, invalidatingWall } = context.parts;
  return {
    name: AUDIT_ACTION,
    targetId: slug,
    reason: 'required',
    changed: 'admin.tiers.changed',
    // Two who set a price come one after the other, so that Stripe is left with the price of the last.
    exclusively: (work) => sync.locks.hold(`price of ${slug}`, work),
    load: () => load(context, slug, fields),
    check: ({ typed }) => (typed.is === 'ready' ? null : { status: typed.is === 'free' ? 409 : 422 }),
    version: ({ version }) => version,
    outside: (it) => setAtStripe(context, it),
    wall: invalidatingWall,
    viewer: adminViewer,
    entry: ({ name, amounts, row, typed }, ids) => ({
      target: { kind: 'tier', id: slug, name },
      before: factsOf(amounts, row.currency),
      after: { ...factsOf(amountsIn(typed), row.currency), stripe: ids?.join(', ') || null },
    }),
    write: async (db, { row, typed }) => {
      const { month, year } = amountsIn(typed);
      const data = { currency: row.currency, monthlyCents: month, yearlyCents: year };
      await db.tier.update({ where: { slug }, data, select: { slug: true } });
    },
  };
}

/** The new amounts of a case that `check` has found ready. */
function amountsIn(typed: PriceCase['typed']): Amounts {
  if (typed.is !== 'ready') throw new Error('a price that was not typed');
  return typed.given;
}

const factsOf = ({ month, year }: Amounts, currency: string) => ({
  'monthly-cents': month,
  'yearly-cents': year,
  currency,
});

async function setAtStripe(
  { parts, language: { say } }: Context,
  { row, typed }: PriceCase,
): Promise<OutsideResult<PricedAtStripe>> {
  const { month, year } = amountsIn(typed);
  const answer = await askStripe(() => priceTier(parts.sync, { ...row, monthlyCents: month, yearlyCents: year }));
  if (answer.is === 'answered') return { done: answer.it };
  return {
    rejection:
      answer.is === 'away'
        ? { status: 503, error: say('admin.tiers.price.away') }
        : { status: 409, error: say('admin.billing.stripe-refused', { why: answer.why }) },
  };
}

async function show(
  { parts, language }: Context,
  req: Request,
  res: Response,
  it: PriceCase,
  fields: Fields,
  rejection: Rejection | null = null,
): Promise<void> {
  const heading = language.say('admin.tiers.price.heading', { tier: it.name });
  const page = {
    frame: adminFrame(language, req, res, 'tiers', heading),
    ...pricePage(language, it, fields, rejection),
  };
  const status = rejection?.status ?? (it.typed.is === 'wrong' || it.typed.is === 'same' ? 422 : 200);
  const path = `/admin/tiers/${it.row.slug}/price`;
  await renderAdmin(parts.site, language, req, res, 'action', path, page, status);
}
