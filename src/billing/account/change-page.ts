import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { tierTextsIn, type TierRow } from '../../membership/tiers';
import type { Offer } from '../checkout/offers';
import type { ChangePage } from '../page-types';

interface ChangeFacts {
  readonly preview: Stripe.Invoice;
  readonly offer: Offer;
  readonly from: 'month' | 'year';
  /** From one tier to another; null: the tier stays, and only how often it is paid changes. */
  readonly move: { readonly was: TierRow | null; readonly to: TierRow } | null;
  readonly date: number;
  readonly subscription: string;
  readonly action: string;
  readonly back: string;
  readonly trouble: string | null;
}

/**
 * What a change of plan would come to, line by line. Amounts are Stripe's; the words are ours, in the reader's
 * language.
 */
export function changePage(
  { preview, offer, from, move, date, subscription, action, back, trouble }: ChangeFacts,
  language: Language,
): Omit<ChangePage, 'frame'> {
  const { say, code } = language;
  const money = (cents: number) => formatMoney(code, cents, preview.currency);
  const seconds = (time: number) => language.day(new Date(time * 1_000));
  const sum = (amounts: readonly { readonly amount: number }[] | null) =>
    (amounts ?? []).reduce((all, { amount }) => all + amount, 0);
  const lines = preview.lines.data.map(({ amount, period }) => ({
    what:
      amount < 0
        ? say(`billing.line.unused.${from}`, { from: seconds(period.start), until: seconds(period.end) })
        : say(`billing.line.${offer.interval === from ? 'rest' : offer.interval}`, {
            from: seconds(period.start),
            until: seconds(period.end),
          }),
    amount: money(amount),
  }));
  const discount = sum(preview.total_discount_amounts);
  const tax = sum((preview.total_taxes ?? []).filter(({ tax_behavior: behavior }) => behavior === 'exclusive'));
  const before = preview.amount_due - Math.max(0, preview.total);
  const next = Math.max(...preview.lines.data.filter(({ amount }) => amount >= 0).map(({ period }) => period.end));
  return {
    ...wordsOf(offer, from, move, language),
    trouble,
    lines: [
      ...lines,
      ...(discount === 0 ? [] : [{ what: say('billing.line.discount'), amount: money(-discount) }]),
      ...(tax === 0 ? [] : [{ what: say('billing.line.tax'), amount: money(tax) }]),
      ...(before === 0 ? [] : [{ what: say('billing.line.before'), amount: money(before) }]),
    ],
    due: { label: say('billing.change.due'), amount: money(preview.amount_due) },
    after: say(
      discount === 0 && before === 0 && preview.total >= 0 ? 'billing.change.after' : 'billing.change.after.less',
      {
        price: say('billing.price', { amount: money(offer.cents), per: say(`pricing.per.${offer.interval}`) }),
        day: Number.isFinite(next) ? seconds(next) : '',
      },
    ),
    credit: preview.total < 0 ? say('billing.change.kept', { amount: money(-preview.total) }) : null,
    form: {
      action,
      subscription,
      to: offer.interval,
      tier: move?.to.slug ?? null,
      date: String(date),
      submit:
        preview.amount_due > 0
          ? say('billing.change.pay', { amount: money(preview.amount_due) })
          : say('billing.change.submit'),
    },
    back: { label: say('billing.change.back'), href: back },
  };
}

/** What is going to change, and what of the money: to a lower tier it says what one stops reading. */
function wordsOf(
  { interval }: Offer,
  from: ChangeFacts['from'],
  move: ChangeFacts['move'],
  language: Language,
): Pick<ChangePage, 'heading' | 'text'> {
  const { say } = language;
  if (move === null)
    return { heading: say(`billing.change.${interval}.heading`), text: say(`billing.change.${interval}.text`) };
  const names = {
    tier: tierTextsIn(move.to, language).name,
    was: move.was === null ? '' : tierTextsIn(move.was, language).name,
  };
  const way = move.was !== null && move.was.rank > move.to.rank ? 'lower' : 'higher';
  return {
    heading: say('billing.change.tier.heading', names),
    // Stripe keeps the period where it is as long as before, and begins a new one where it is not.
    // https://docs.stripe.com/billing/subscriptions/change-price
    text: say(`billing.change.tier.${way}.${interval === from ? 'same' : interval}`, names),
  };
}
