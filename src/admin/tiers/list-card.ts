import type { Language, Languages } from '../../lib/language';
import { longNameOf } from '../../site/shape/shape';
import { formatMoney } from '../../lib/money';
import { isPriced, type TierRow } from '../../membership/tiers';
import { nameIn, type TierFacts } from './actions/action';
import { TIER_ACTIONS } from './actions/index';
import type { TierCardView } from './page-types';
import type { KnownPrice } from './prices';
import { tierTextsOf } from './tier-texts';

const INTERVALS = ['month', 'year'] as const;

interface CardFacts {
  readonly facts: TierFacts;
  /** Members by the rank they have now. */
  readonly standing: ReadonlyMap<number, number>;
  readonly prices: readonly KnownPrice[];
  readonly languages: Languages;
}

/** A tier as the list shows it: what is known of it, its texts, its prices, and what can be done with it. */
export function tierCard(row: TierRow, known: CardFacts, language: Language): TierCardView {
  const { say, prefix } = language;
  const name = nameIn(row, language);
  const words = tierTextsOf(row, known.languages);
  const own = known.prices.filter(({ tierSlug }) => tierSlug === row.slug);
  const at = (path: string) => `${prefix}/admin/tiers/${row.slug}/${path}`;
  const actions = TIER_ACTIONS.filter((action) => action.offered(row, known.facts));
  return {
    tier: { slug: row.slug, name },
    retired: row.retiredAt === null ? null : say('admin.tiers.retired'),
    facts: factsOf(row, known, language),
    texts: known.languages.all.map((one) => ({
      lang: one.code,
      language: language.languageName(one.code),
      words: words[one.code] ?? null,
    })),
    hiddenText: name,
    actions: [
      { label: say('admin.tiers.edit'), href: at('texts') },
      ...(row.joining === 'paid'
        ? [{ label: say(isPriced(row) ? 'admin.tiers.price.name' : 'admin.tiers.price.set'), href: at('price') }]
        : []),
      ...actions.map(({ path }) => ({ label: say(`admin.tiers.do.${path}`), href: at(path) })),
    ],
    prices: own.map((price) => ({
      amount: amountOf(price.amountCents, price.currency, price.interval, language),
      state: say(price.offered ? 'admin.tiers.price.offered' : 'admin.tiers.price.kept'),
      offered: price.offered,
      stripe: price.stripeId,
      pays: say('admin.tiers.price.pays', { n: price.subscriptions }),
    })),
    warning: differs(row, own) ? say('admin.tiers.price.differs') : null,
  };
}

const amountsOf = ({ monthlyCents: month, yearlyCents: year }: TierRow) => ({ month, year });

const amountOf = (cents: number, currency: string, interval: KnownPrice['interval'], { say, code }: Language) =>
  say('admin.subscription.price', {
    amount: formatMoney(code, cents, currency),
    interval: say(`admin.interval.${interval}`),
  });

/** Does Stripe offer other amounts than the page of prices says? */
function differs(row: TierRow, own: readonly KnownPrice[]): boolean {
  const amounts = amountsOf(row);
  const isOther = ({ interval, currency, amountCents }: KnownPrice) =>
    currency !== row.currency || amountCents !== amounts[interval];
  const isMissing = (interval: KnownPrice['interval']) =>
    amounts[interval] !== null && !own.some((one) => one.offered && one.interval === interval);
  return own.some((one) => one.offered && isOther(one)) || (own.length > 0 && INTERVALS.some(isMissing));
}

function factsOf(row: TierRow, { facts, standing }: CardFacts, language: Language): TierCardView['facts'] {
  const { say } = language;
  const kinds = Object.entries(facts.matrix.opens).filter(([, slug]) => slug === row.slug);
  const amounts = amountsOf(row);
  const charged = INTERVALS.flatMap((interval) =>
    amounts[interval] === null ? [] : [amountOf(amounts[interval], row.currency, interval, language)],
  );
  const isPublic = row.rank === 0;
  return [
    {
      label: say('admin.tiers.fact.order'),
      text: say(isPublic ? 'admin.tiers.fact.rank.public' : 'admin.tiers.fact.rank', { n: row.rank }),
    },
    {
      label: say('admin.tiers.fact.opens'),
      text:
        kinds.map(([kind]) => longNameOf(facts.shape.kinds, kind, language)).join(', ') ||
        say('admin.tiers.fact.opens.nothing'),
    },
    {
      label: say('admin.tiers.fact.members'),
      text: say('admin.tiers.fact.members.n', { n: standing.get(row.rank) ?? 0 }),
    },
    ...(isPublic ? [] : [{ label: say('admin.tiers.fact.joining'), text: say(`admin.tiers.joining.${row.joining}`) }]),
    {
      label: say('admin.tiers.fact.price'),
      text: charged.join(', ') || say(isPublic ? 'admin.tiers.fact.price.public' : 'admin.tiers.fact.price.free'),
    },
    { label: say('admin.tiers.fact.slug'), text: row.slug },
  ];
}
