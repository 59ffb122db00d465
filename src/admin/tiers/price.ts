import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { adminViewer, accountsViewer } from '../../access/viewer';
import { refreshPrices } from '../../billing/stripe/refresh-prices';
import { priceTier } from '../../billing/stripe/setup';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { highestPrice, isWhole, lowestCharge, parseMoney, formatMoney, moneyInput } from '../../lib/money';
import { findTiers, isPriced, tierTextsIn } from '../../membership/tiers';
import { writeAudit } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { askStripe } from '../billing/stripe-result';
import { inputField, withQuery } from '../fields';
import { adminFrame, renderAdmin } from '../frame';
import type { ActionPage } from '../page-types';
import { submissionIn, versionOf, LONGEST_REASON, type Submission, textsOf } from '../submission';
import { actorOf, staffOf, staffOnly } from '../staff';
import type { TierParts } from './parts';
import { readPrices, type Interval } from './prices';

const AUDIT_ACTION = 'tier-priced';

/** Can Stripe charge this amount, and can it be kept here? In the smallest unit of the currency. */
const isPrice = (amount: number | null, currency: string): boolean =>
  amount !== null && amount >= lowestCharge(currency) && amount <= highestPrice(currency);

type Amounts = Readonly<Record<Interval, number | null>>;

interface State {
  readonly status?: number;
  readonly error?: string;
  readonly reasonError?: string;
}

/**
 * `/admin/tiers/:slug/price`: what a paid tier costs from now on. Stripe gets a new price first, under the name the
 * earlier
 * one had; then the tier says the same, in one transaction with the audit entry. Whoever pays the earlier price keeps
 * it.
 */
export function tierPriceRoutes(
  { site, wall, invalidatingWall, clock, sync: machine, log }: TierParts,
  language: Language,
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix, code } = language;

  const load = async (db: WallTransaction, slug: unknown) => {
    const row = (await findTiers(db)).find((one) => one.slug === slug);
    if (!row) throw notFound('a tier');
    const amounts: Amounts = { month: row.monthlyCents, year: row.yearlyCents };
    return {
      row,
      amounts,
      name: tierTextsIn(row, language).name,
      intervals: (['month', 'year'] as const).filter((one) => amounts[one] !== null),
    };
  };
  const loadAll = async (db: WallTransaction, slug: unknown) => ({
    ...(await load(db, slug)),
    prices: (await readPrices(db)).filter(({ tierSlug }) => tierSlug === slug),
  });
  type Known = Awaited<ReturnType<typeof loadAll>>;

  const seenOf = ({ row }: Pick<Known, 'row'>) => versionOf([row.currency, row.monthlyCents, row.yearlyCents]);

  /** What was typed: amounts for each interval there is, or what is wrong with them; nothing where nothing was. */
  const understand = ({ row, amounts, intervals, prices }: Known, asked: Submission) => {
    if (intervals.every((one) => asked[one] === undefined)) return { is: 'unasked' as const };
    const read = (one: Interval) => (intervals.includes(one) ? parseMoney(asked[one] ?? '', row.currency) : null);
    const [month, year] = [read('month'), read('year')];
    const given: Amounts = { month, year };
    const wrong = intervals.filter((one) => !isPrice(given[one], row.currency));
    if (wrong.length > 0) return { is: 'wrong' as const, wrong };
    // Where Stripe and the tier have come apart, saying the same again puts it right.
    const stands = intervals.every(
      (one) =>
        given[one] === amounts[one] &&
        prices.some(
          ({ offered, interval, amountCents }) => offered && interval === one && amountCents === amounts[one],
        ),
    );
    return stands ? { is: 'same' as const } : { is: 'ready' as const, given };
  };

  const show = async (
    req: Request,
    res: Response,
    known: Known,
    asked: Submission,
    { status = 200, error, reasonError }: State = {},
  ) => {
    const { row, amounts, intervals, name, prices } = known;
    const understood = understand(known, asked);
    const at = `${prefix}/admin/tiers/${row.slug}/price`;
    const money = (cents: number | null) => (cents === null ? '—' : formatMoney(code, cents, row.currency));
    const free = !isPriced(row);
    const ready = understood.is === 'ready' && !free ? understood.given : null;
    const subscriptions = prices.reduce((sum, one) => sum + one.subscriptions, 0);
    const page: ActionPage = {
      frame: adminFrame(language, req, res, 'tiers', say('admin.tiers.price.heading', { tier: name })),
      back: { label: say('admin.tiers.back'), href: `${prefix}/admin/tiers` },
      who: { name, email: row.currency.toUpperCase() },
      text: say('admin.tiers.price.text'),
      refused: free ? say('admin.tiers.price.free') : null,
      error: error !== undefined ? error : understood.is === 'same' ? say('admin.tiers.nothing') : null,
      choice:
        free || ready !== null
          ? null
          : {
              action: at,
              fields: intervals.map((one) =>
                inputField(language, one, 'text', asked[one] ?? moneyInput(amounts[one]!, row.currency), {
                  hint: say(isWhole(row.currency) ? 'admin.tiers.price.hint.whole' : 'admin.tiers.price.hint', {
                    currency: row.currency.toUpperCase(),
                  }),
                  error:
                    understood.is === 'wrong' && understood.wrong.includes(one)
                      ? say('admin.tiers.price.wrong', {
                          least: money(lowestCharge(row.currency)),
                          most: money(highestPrice(row.currency)),
                        })
                      : null,
                }),
              ),
              hidden: [],
              submit: say('admin.action.continue'),
            },
      changes:
        ready === null
          ? []
          : intervals.map((one) => ({
              what: say(`admin.field.${one}`),
              before: money(amounts[one]),
              after: money(ready[one]),
            })),
      charges: [],
      happens:
        ready === null
          ? []
          : [
              say('admin.tiers.price.happens.new'),
              say('admin.tiers.price.happens.kept', { n: subscriptions }),
              say('admin.tiers.price.happens.change'),
              say('admin.tiers.price.happens.stripe'),
              ...(ready.month !== null && ready.year !== null && ready.year > ready.month * 12
                ? [say('admin.tiers.price.happens.dear')]
                : []),
            ],
      sure: ready && {
        action: at,
        fields: [
          inputField(language, 'reason', 'long', asked['reason'] ?? '', {
            hint: say('admin.matrix.reason.hint'),
            error: reasonError === undefined ? null : say(reasonError),
          }),
        ],
        hidden: [
          ...intervals.map((one) => ({ name: one, value: moneyInput(ready[one]!, row.currency) })),
          { name: 'once', value: randomUUID() },
          { name: 'seen', value: seenOf(known) },
        ],
        submit: say('admin.tiers.price.submit'),
        grave: false,
      },
    };
    await renderAdmin(
      site,
      language,
      req,
      res,
      'action',
      `/admin/tiers/${row.slug}/price`,
      page,
      understood.is === 'wrong' || (understood.is === 'same' && status === 200) ? 422 : status,
    );
  };

  router
    .route('/admin/tiers/:slug/price')
    .all(staffOnly(language, ['admin']))
    .get(async (req, res) => {
      const known = await wall.read(accountsViewer, (db) => loadAll(db, req.params['slug']));
      await show(req, res, known, textsOf(req.query));
    })
    .post(formBody, async (req, res) => {
      const { asked, once } = submissionIn(req);
      const known = await wall.read(accountsViewer, (db) => loadAll(db, req.params['slug']));
      const { slug } = known.row;
      const staff = staffOf(res);
      const done = () => res.redirect(303, withQuery(`${prefix}/admin/tiers`, { done: AUDIT_ACTION }));
      const wasDone = () =>
        wall.read(accountsViewer, (db) =>
          db.auditEntry.findFirst({
            where: { id: once, actorId: staff.id, action: AUDIT_ACTION, targetId: slug },
            select: { id: true },
          }),
        );
      if (await wasDone()) return done();
      const understood = understand(known, asked);
      if (!isPriced(known.row)) return show(req, res, known, asked, { status: 409 });
      if (asked['seen'] !== seenOf(known))
        return show(req, res, known, asked, { status: 409, error: say('admin.tiers.changed') });
      if (understood.is !== 'ready') return show(req, res, known, asked, { status: 422 });
      const { given } = understood;
      const reason = (asked['reason'] ?? '').trim();
      if (reason === '')
        return show(req, res, known, asked, { status: 422, reasonError: 'admin.wrong.reason.missing' });
      if ([...reason].length > LONGEST_REASON)
        return show(req, res, known, asked, { status: 422, reasonError: 'admin.wrong.reason.long' });
      const by = await actorOf(wall, req, res);

      // Two who set a price come one after the other, so that Stripe is left with the price of the last.
      const outcome = await machine.locks.hold(`price of ${slug}`, async () => {
        const before = await wall.read(accountsViewer, (db) => load(db, slug));
        if (asked['seen'] !== seenOf(before)) return { is: 'changed' as const };
        const said = await askStripe(() =>
          priceTier(machine, { ...before.row, monthlyCents: given.month, yearlyCents: given.year }),
        );
        if (said.is !== 'answered') return said;
        await invalidatingWall.write(adminViewer, async (db) => {
          await db.tier.update({
            where: { slug },
            data: { monthlyCents: given.month, yearlyCents: given.year },
            select: { slug: true },
          });
          const told = await writeAudit(db, {
            ...by,
            id: once,
            at: clock.now(),
            action: AUDIT_ACTION,
            reason,
            target: { kind: 'tier', id: slug, name: before.name },
            before: {
              'monthly-cents': before.amounts.month,
              'yearly-cents': before.amounts.year,
              currency: before.row.currency,
            },
            after: {
              'monthly-cents': given.month,
              'yearly-cents': given.year,
              currency: before.row.currency,
              stripe: said.it.join(', ') || null,
            },
          });
          if (!told) throw new Failure(400, 'the form was used for something else');
        });
        return { is: 'done' as const };
      });
      if (outcome.is === 'away')
        return show(req, res, known, asked, { status: 503, error: say('admin.tiers.price.away') });
      if (outcome.is === 'refused')
        return show(req, res, known, asked, {
          status: 409,
          error: say('admin.billing.stripe-refused', { why: outcome.why }),
        });
      if (outcome.is === 'changed') {
        if (await wasDone()) return done();
        return show(req, res, await wall.read(accountsViewer, (db) => loadAll(db, slug)), asked, {
          status: 409,
          error: say('admin.tiers.changed'),
        });
      }
      // Stripe tells of its new price as well: what is not read now is read then.
      await refreshPrices(machine).catch((error: unknown) =>
        log.error({ err: error }, 'the new price could not be read back from Stripe yet'),
      );
      log.info(
        { action: AUDIT_ACTION, actor: staff.id, target: slug, request: by.from.requestId },
        'an admin changed the price of a tier',
      );
      done();
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
