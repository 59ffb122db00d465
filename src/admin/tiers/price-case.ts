import type { Language } from '../../lib/language';
import { unmarked } from '../../lib/marked';
import { CURRENCIES } from '../../lib/currencies';
import { notFound } from '../../lib/failure';
import { highestPrice, lowestCharge, parseMoney } from '../../lib/money';
import { findTiers, isPriced, tierTextsIn, type TierRow } from '../../membership/tiers';
import type { WallTransaction } from '../../stores/postgres/wall';
import { versionOf, type Fields } from '../action/submission';
import { readPrices, type Interval, type KnownPrice } from './prices';

/** Amounts by interval, in the smallest unit of the currency; null: it is not charged so. */
export type Amounts = Readonly<Record<Interval, number | null>>;

/** A tier's prices as they are, with what was typed to change them. */
export interface PriceCase {
  readonly row: TierRow;
  readonly name: string;
  readonly amounts: Amounts;
  readonly intervals: readonly Interval[];
  readonly prices: readonly KnownPrice[];
  readonly version: string;
  readonly typed: TypedPrice;
}

/** What was typed: new amounts, the ones there are, wrong ones, or nothing yet. Only a paid tier has a price. */
export type TypedPrice =
  | { readonly is: 'ready'; readonly given: Amounts }
  | { readonly is: 'wrong'; readonly wrong: readonly (Interval | 'currency')[] }
  | { readonly is: 'same' | 'unasked' | 'free' };

const INTERVALS = ['month', 'year'] as const;

/** The case as it is now. @throws Failure 404 where there is no such tier. */
export async function readPriceCase(
  db: WallTransaction,
  language: Language,
  slug: unknown,
  fields: Fields,
): Promise<PriceCase> {
  const found = (await findTiers(db)).find((one) => one.slug === slug);
  if (!found) throw notFound('a tier');
  const row = isPriced(found) ? found : { ...found, currency: (fields['currency'] ?? found.currency).toLowerCase() };
  const amounts: Amounts = { month: row.monthlyCents, year: row.yearlyCents };
  const intervals = INTERVALS.filter((one) => amounts[one] !== null || !isPriced(row));
  const prices = (await readPrices(db)).filter(({ tierSlug }) => tierSlug === slug);
  return {
    row,
    name: unmarked(tierTextsIn(row, language).name),
    amounts,
    intervals,
    prices,
    version: versionOf([found.currency, row.monthlyCents, row.yearlyCents, row.joining]),
    typed: row.joining === 'paid' ? readTyped({ row, amounts, intervals, prices }, fields) : { is: 'free' },
  };
}

function readTyped(
  { row, amounts, intervals, prices }: Pick<PriceCase, 'row' | 'amounts' | 'intervals' | 'prices'>,
  fields: Fields,
): TypedPrice {
  if (intervals.every((one) => fields[one] === undefined)) return { is: 'unasked' };
  if (!CURRENCIES.has(row.currency)) return { is: 'wrong', wrong: ['currency'] };
  // The first prices: one of the two is enough.
  const left = (one: Interval) => !isPriced(row) && (fields[one] ?? '').trim() === '';
  if (intervals.every(left)) return { is: 'wrong', wrong: intervals };
  const read = (one: Interval) => (intervals.includes(one) ? parseMoney(fields[one] ?? '', row.currency) : null);
  const given: Amounts = { month: read('month'), year: read('year') };
  const errors = intervals.filter((one) => !left(one) && !isPrice(given[one], row.currency));
  if (errors.length > 0) return { is: 'wrong', wrong: errors };
  // Where Stripe and the tier have come apart, saying the same again puts it right.
  const isOffered = (one: Interval) =>
    prices.some(({ offered, interval, amountCents }) => offered && interval === one && amountCents === amounts[one]);
  const stands = isPriced(row) && intervals.every((one) => given[one] === amounts[one] && isOffered(one));
  return stands ? { is: 'same' } : { is: 'ready', given };
}

/** Can Stripe charge this amount, and can it be kept here? In the smallest unit of the currency. */
const isPrice = (amount: number | null, currency: string): boolean =>
  amount !== null && amount >= lowestCharge(currency) && amount <= highestPrice(currency);
