import type { Language } from '../../lib/language';
import { moneyInput } from '../../lib/money';
import { isPriced, type TierRow } from '../../membership/tiers';
import type { Fields } from '../action/submission';
import { textFact, textFacts, type PastAction, type Undo } from '../audit/past';
import { withQuery } from '../fields';
import type { TierAction, TierFacts } from './actions/action';
import { TIER_ACTIONS } from './actions/index';
import { BETWEEN_BENEFITS, FIELDS, fieldOf } from './tier-texts';

/** What is done to a tier, as the section of the tiers tells of it. */
export const TIER_HISTORY = [
  ...['tier-made', 'tier-moved', 'tier-joining', 'tier-retired', 'tier-offered', 'tier-deleted'],
  ...['tier-worded', 'tier-priced'],
] as const;

/**
 * How a change of a tier is taken back: always on the page that shows what would open and close, and to whom. Null: by
 * nothing, or it was already.
 */
export function undoOfTier(language: Language, facts: TierFacts, past: PastAction): Undo | null {
  const slug = past.targetId ?? '';
  const tier = facts.tiers.find((one) => one.slug === slug);
  const to = (path: string, query: Readonly<Record<string, string>> = {}): Undo => ({
    href: withQuery(`${language.prefix}/admin/tiers/${slug}/${path}`, query),
  });
  if (past.action === 'tier-deleted') {
    if (tier === undefined) return { href: withQuery(`${language.prefix}/admin/tiers/new`, madeAgain(past)) };
    // It was made again, by its name alone: its texts are the rest.
    return Object.keys(textsBefore(past)).length > 1 ? to('texts', { restore: past.id }) : null;
  }
  if (tier === undefined) return null;
  const does = (name: TierAction['name']) => TIER_ACTIONS.some((one) => one.name === name && one.offered(tier, facts));
  switch (past.action) {
    case 'tier-made':
      return does('tier-deleted') ? to('delete') : does('tier-retired') ? to('retire') : null;
    case 'tier-moved': {
      const below = textFact(past.before, 'tier-below');
      return below === null || !facts.tiers.some((one) => one.slug === below) || below === belowOf(facts, tier)
        ? null
        : to('order', { below });
    }
    case 'tier-joining': {
      const joining = textFact(past.before, 'joining');
      return joining === null || joining === tier.joining || !does('tier-joining') ? null : to('joining', { joining });
    }
    case 'tier-retired':
      return does('tier-offered') ? to('offer') : null;
    case 'tier-offered':
      return does('tier-retired') ? to('retire') : null;
    case 'tier-worded':
      return to('texts', { restore: past.id });
    default:
      return priceBefore(past, tier, to);
  }
}

/** The tier right below another one. */
export const belowOf = ({ tiers }: Pick<TierFacts, 'tiers'>, tier: TierRow): string | null =>
  tiers.filter(({ rank }) => rank < tier.rank).at(-1)?.slug ?? null;

/** The prices before a change. The first ones took the place of none, and none does not come back. */
function priceBefore(
  { before }: PastAction,
  tier: TierRow,
  to: (path: string, query: Readonly<Record<string, string>>) => Undo,
): Undo | null {
  const facts = (before ?? {}) as Readonly<Record<string, unknown>>;
  const { currency } = facts;
  if (!isPriced(tier) || currency !== tier.currency) return null;
  const amounts = { month: facts['monthly-cents'], year: facts['yearly-cents'] };
  const typed = Object.entries(amounts).flatMap(([interval, cents]): [string, string][] =>
    typeof cents === 'number' ? [[interval, moneyInput(cents, tier.currency)]] : [],
  );
  const same = amounts.month === tier.monthlyCents && amounts.year === tier.yearlyCents;
  return typed.length === 0 || same ? null : to('price', Object.fromEntries(typed));
}

/** A tier that was deleted, by the names of the fields that make one. */
function madeAgain(past: PastAction): Readonly<Record<string, string>> {
  const fact = (name: string) => textFact(past.before, name) ?? '';
  const typed = {
    ...{ name: past.target ?? '', slug: past.targetId ?? '' },
    ...{ below: fact('tier-below'), joining: fact('joining'), emblem: fact('tier-emblem') },
  };
  return Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''));
}

/** The texts an entry has of a tier before it was worded anew or deleted, by the names of the form's fields. */
export function textsBefore({ before }: PastAction): Fields {
  return Object.fromEntries(
    Object.entries(textFacts(before)).flatMap(([fact, text]) => {
      const [start, lang] = fact.split('.');
      const field = FIELDS.find((one) => start === `tier-${one}`);
      if (field === undefined || lang === undefined) return [];
      return [[fieldOf(field, lang), field === 'benefits' ? text.replaceAll(BETWEEN_BENEFITS, '\n') : text]];
    }),
  );
}
