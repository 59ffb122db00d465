import { Router } from 'express';
import { NOBODY, opensKind, tierOfKind, type Matrix } from '../../access/matrix';
import { onlyMethods } from '../../http/errors';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import type { CachedPages } from '../../http/cache/cached-pages';
import type { Layout } from '../../http/layout/layout';
import { oneOf } from '../../http/cache/page-address';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { longNameIn, offered, type BriefingShape } from '../../site/shape/shape';
import { loadMatrix } from '../../membership/matrix';
import { findTiers, joinLabel, tierTextsIn, wayInto, type TierRow } from '../../membership/tiers';
import type { Viewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { describeOffers } from './json-ld';
import type { PlanView, PricingPage } from '../page-types';
import { ownQuestions } from './questions';
import { savedMonths } from './savings';

export interface PricingParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
  /** Days for which somebody whose payment failed goes on reading. */
  readonly graceDays: number;
  /** The categories above every public page. */
  readonly nav: (viewer: Viewer, language: Language) => Promise<Layout['nav']>;
}

type Period = 'month' | 'year';

/** `/pricing`: the tiers side by side, what each opens, and what people ask before they pay. */
export function pricingRoutes({ site, wall, cachedPages, graceDays, nav }: PricingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router
    .route('/pricing')
    .get(
      cachedPages.handler(
        { per: oneOf('month', 'year') },
        async ({ values: { per }, reader: { viewer, audience } }) => {
          const period = per === 'year' ? 'year' : 'month';
          const { tiers, matrix, own } = await wall.read(viewer, async (db) => ({
            tiers: (await findTiers(db)).filter(({ retiredAt }) => retiredAt === null),
            matrix: await loadMatrix(db),
            own: site.pages.find('questions') ? await ownQuestions(db, language) : null,
          }));
          const page = pricingPage(
            {
              tiers,
              matrix,
              shape: site.shape.current,
              period,
              rank: audience === 'member' ? viewer.rank : null,
              graceDays,
              joining: audience === 'member' ? 'open' : site.settings.current.joining.mode,
              own,
            },
            language,
          );
          const layout = layoutOf(site, language, {
            title: page.heading,
            description: page.text,
            path: period === 'year' ? '/pricing?per=year' : '/pricing',
            nav: await nav(viewer, language),
            jsonLd: describeOffers(tiers, language, site.publicUrl),
            audience,
          });
          return { view: 'billing/pricing', layout, page };
        },
      ),
    )
    .all(onlyMethods('GET', 'HEAD'));
  // There is no joining as such: one joins a tier.
  router
    .route('/join')
    .get((_req, res) => {
      res.redirect(303, `${language.prefix}/pricing`);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

interface PricingFacts {
  readonly tiers: readonly TierRow[];
  readonly matrix: Matrix;
  readonly shape: BriefingShape;
  readonly period: Period;
  /** Of a member; null for whoever is not logged in. */
  readonly rank: number | null;
  readonly graceDays: number;
  /** Who may join by themselves; whoever has an account has. */
  readonly joining: JoiningMode;
  /** The publisher's own questions; null: those that are delivered. */
  readonly own: PricingPage['questions'] | null;
}

function pricingPage(
  { tiers, matrix, shape, period, rank, graceDays, joining, own }: PricingFacts,
  language: Language,
): PricingPage {
  const { say, prefix } = language;
  const both = tiers.some(({ monthlyCents, yearlyCents }) => monthlyCents !== null && yearlyCents !== null);
  const opened = (kind: string) => tiers.map((tier) => opensKind(matrix, { role: 'reader', rank: tier.rank }, kind));
  return {
    heading: say('pricing.heading'),
    text: say('pricing.text'),
    periods: both
      ? (['month', 'year'] as const).map((one) => ({
          label: say(`pricing.period.${one}`),
          href: `${prefix}/pricing${one === 'year' ? '?per=year' : ''}`,
          current: one === period,
        }))
      : [],
    plans: tiers.map((tier) => whileJoiningIs(joining, tier, planOf(tier, period, rank, language), language)),
    opens: [
      { label: say('pricing.opens.public'), open: tiers.map(() => true) },
      // What no tier opens is not for sale.
      ...offered(shape.kinds)
        .filter(({ slug }) => tierOfKind(matrix, slug) !== NOBODY)
        .map((kind) => ({ label: longNameIn(kind, language), open: opened(kind.slug) })),
    ],
    questions:
      own ??
      ['before', 'paying', 'cancel', 'failed', 'refund', 'tax', 'reading', 'money'].map((one) => ({
        question: say(`pricing.question.${one}`),
        answer: say(`pricing.answer.${one}`, { n: graceDays }),
      })),
  };
}

type JoiningMode = Layout['joining'];

/** What is offered to somebody without an account, as far as they may have one. */
function whileJoiningIs(joining: JoiningMode, tier: TierRow, plan: PlanView, { say }: Language): PlanView {
  const wayIn = wayInto(tier);
  if (tier.rank === 0 || wayIn === 'invitation' || joining === 'open') return plan;
  if (joining === 'closed') return { ...plan, go: null, note: say('join.closed.heading') };
  return wayIn === 'free' ? { ...plan, note: say('pricing.note.invitation') } : plan;
}

/** A tier as it is offered. `rank`: of a member; null for whoever is not logged in. */
export function planOf(tier: TierRow, period: Period, rank: number | null, language: Language): PlanView {
  const { say, prefix, code } = language;
  const texts = tierTextsIn(tier, language);
  const { slug, name, blurb, benefits } = texts;
  const amounts = { month: tier.monthlyCents, year: tier.yearlyCents };
  const shown = amounts[period] === null ? (period === 'month' ? 'year' : 'month') : period;
  const amount = amounts[shown];
  const money = (cents: number) => formatMoney(code, cents, tier.currency);
  const yours = rank !== null && rank >= tier.rank;
  const wayIn = wayInto(tier);
  const go =
    tier.rank === 0
      ? { label: say('pricing.read'), href: prefix || '/' }
      : yours
        ? { label: say('pricing.yours'), href: `${prefix}/account` }
        : wayIn === 'invitation'
          ? null
          : {
              label: joinLabel(texts, language),
              href: `${prefix}/join/${slug}${amount === null ? '' : `?per=${shown}`}`,
            };
  return {
    slug,
    name,
    blurb,
    benefits,
    go,
    yours: yours || tier.rank === 0,
    price: amount === null ? say(tier.rank === 0 ? 'pricing.open' : `pricing.${wayIn}`) : money(amount),
    per: amount === null ? null : say(`pricing.per.${shown}`),
    note:
      amount === null
        ? say(tier.rank === 0 ? 'pricing.note.open' : `pricing.note.${wayIn}`)
        : noteOf(amounts, shown, money, language),
  };
}

/** The other price, and what a year spares. */
function noteOf(
  { month, year }: Readonly<Record<Period, number | null>>,
  shown: Period,
  money: (cents: number) => string,
  { say }: Language,
): string {
  if (month === null || year === null) return say('pricing.note.renews');
  const saved = savedMonths(month, year);
  const spared =
    saved > 0
      ? say('pricing.saves.months', { n: saved })
      : month * 12 > year
        ? say('pricing.saves', { amount: money(month * 12 - year) })
        : null;
  if (shown === 'year') return spared ?? say('pricing.note.renews');
  return spared === null
    ? say('pricing.note.year', { price: money(year) })
    : say('pricing.note.year-saves', { price: money(year), spared });
}
