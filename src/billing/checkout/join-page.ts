import type { Consent } from '../../http/consent';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { tierTextsIn, type TierRow } from '../../membership/tiers';
import type { Offer } from './offers';
import type { JoinPage, OfferView } from '../page-types';
import { savedMonths } from './savings';

interface JoinPageFacts {
  readonly tier: TierRow;
  readonly offers: readonly Offer[];
  /** The interval asked for; any other word chooses the first one offered, as the page of prices does. */
  readonly per: string;
  readonly next: string | null;
  /** Have they come back from the hosted page without paying? */
  readonly back: boolean;
  readonly wrong: string | null;
  readonly member: boolean;
  readonly rank: number;
  /** What is accepted by paying; null: nothing. */
  readonly consent: Consent | null;
  /** Is money taken, and what must be there before that is not? Then nobody pays. */
  readonly closed: boolean;
  /** Where one opens an account without paying, without the language. */
  readonly account: string;
}

/** The page on which one joins a paid tier: what it opens, what it costs, what happens next. */
export function joinPage(
  { tier, offers, per, next, back, wrong: error, member, rank, account, consent, closed }: JoinPageFacts,
  language: Language,
): JoinPage {
  const { say, prefix } = language;
  const { slug, name, blurb, benefits, joinHeading, joinText } = tierTextsIn(tier, language);
  const here = `${prefix}/join/${slug}`;
  const come = `next=${encodeURIComponent(next === null ? here : `${here}?next=${encodeURIComponent(next)}`)}`;
  const chosen = offers.find(({ interval }) => interval === per) ?? offers[0];
  const trial = Math.max(0, ...offers.map(({ trialDays }) => trialDays));
  return {
    label: name,
    slug,
    heading: joinHeading ?? say('gate.join', { tier: name }),
    text: joinText ?? blurb,
    benefits,
    warning: closed
      ? say('join.paid.not-yet')
      : offers.length === 0
        ? say('join.paid.closed')
        : back
          ? say('join.paid.back')
          : member && rank >= tier.rank
            ? say('join.paid.reads-all')
            : null,
    wrong: error,
    offers: offers.map((offer) => offerView(offer, offers, offer === chosen, language)),
    steps: [...(member ? [] : ['account']), 'pay', ...(trial > 0 ? ['trial'] : []), 'read', 'end'].map((step) => ({
      label: say(`join.step.${step}`),
      text: say(`join.step.${step}.text`, { n: trial }),
    })),
    form:
      member && offers.length > 0 && !closed ? { action: here, next, submit: say('join.paid.submit'), consent } : null,
    first:
      member || closed
        ? null
        : {
            text: say('join.paid.first'),
            join: { label: say('join.paid.account'), href: `${prefix}${account}?${come}` },
            login: { label: say('join.member'), href: `${prefix}/login?${come}` },
          },
    pricing: { label: say('join.paid.compare'), href: `${prefix}/pricing` },
  };
}

function offerView(
  { interval, cents, currency }: Offer,
  offers: readonly Offer[],
  chosen: boolean,
  { say, code }: Language,
): OfferView {
  const month = offers.find((one) => one.interval === 'month')?.cents;
  const saved = interval === 'year' && month !== undefined ? savedMonths(month, cents) : 0;
  return {
    interval,
    chosen,
    price: formatMoney(code, cents, currency),
    per: say(`pricing.per.${interval}`),
    note:
      saved > 0
        ? say('pricing.saves.months', { n: saved })
        : interval === 'year' && month !== undefined && month * 12 > cents
          ? say('pricing.saves', { amount: formatMoney(code, month * 12 - cents, currency) })
          : null,
  };
}
