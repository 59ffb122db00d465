import type { Language } from '../../lib/language';
import { formatMoney, highestPrice, isWhole, lowestCharge, moneyInput } from '../../lib/money';
import { confirmForm } from '../action/form';
import type { Rejection } from '../action/perform';
import type { Fields } from '../action/submission';
import { isPriced } from '../../membership/tiers';
import { inputField } from '../fields';
import type { ActionPage } from '../page-types';
import type { PriceCase } from './price-case';

const NOTHING = { changes: [], happens: [], sure: null } as const;

/** The page that asks for a tier's prices, and then whether they are meant. */
export function pricePage(
  language: Language,
  it: PriceCase,
  fields: Fields,
  rejection: Rejection | null,
): Omit<ActionPage, 'frame'> {
  const { say, prefix } = language;
  const { row, name, typed } = it;
  return {
    back: { label: say('admin.tiers.back'), href: `${prefix}/admin/tiers` },
    who: { name, email: row.currency.toUpperCase() },
    text: say('admin.tiers.price.text'),
    refused: typed.is === 'free' ? say('admin.tiers.price.free') : null,
    error: rejection?.error ?? (typed.is === 'same' ? say('admin.tiers.nothing') : null),
    choice: typed.is === 'free' || typed.is === 'ready' ? null : choiceOf(language, it, fields),
    charges: [],
    ...(typed.is === 'ready' ? readyPart(language, it, typed.given, fields, rejection) : NOTHING),
  };
}

const actionOf = ({ prefix }: Language, { row }: PriceCase) => `${prefix}/admin/tiers/${row.slug}/price`;

const moneyIn =
  ({ code }: Language, { row }: PriceCase) =>
  (cents: number | null) =>
    cents === null ? '—' : formatMoney(code, cents, row.currency);

/** The fields in which the amounts are typed. */
function choiceOf(language: Language, it: PriceCase, fields: Fields): NonNullable<ActionPage['choice']> {
  const { say } = language;
  const { row, intervals, amounts, typed } = it;
  const isUnknown = typed.is === 'wrong' && typed.wrong.includes('currency');
  const money = isUnknown ? () => '' : moneyIn(language, it);
  const hint = say(isWhole(row.currency) ? 'admin.tiers.price.hint.whole' : 'admin.tiers.price.hint', {
    currency: row.currency.toUpperCase(),
  });
  const error = say('admin.tiers.price.wrong', {
    least: money(lowestCharge(row.currency)),
    most: money(highestPrice(row.currency)),
  });
  return {
    action: actionOf(language, it),
    fields: [
      ...(isPriced(row) ? [] : [currencyField(language, it)]),
      ...intervals.map((one) =>
        inputField(language, one, 'text', fields[one] ?? amountInput(amounts[one], row.currency), {
          hint: isPriced(row) ? hint : say('admin.tiers.price.hint.first'),
          error: typed.is === 'wrong' && typed.wrong.includes(one) ? error : null,
        }),
      ),
    ],
    hidden: [],
    submit: say('admin.action.continue'),
  };
}

const amountInput = (cents: number | null, currency: string): string =>
  cents === null ? '' : moneyInput(cents, currency);

/** The currency of the first prices: those that come later have the same. */
function currencyField(language: Language, { row, typed }: PriceCase) {
  const isUnknown = typed.is === 'wrong' && typed.wrong.includes('currency');
  return inputField(language, 'currency', 'text', row.currency.toUpperCase(), {
    hint: language.say('admin.tiers.price.currency.hint'),
    error: isUnknown ? language.say('admin.tiers.price.currency.wrong') : null,
  });
}

/** What will happen, and the form that means it. */
function readyPart(
  language: Language,
  it: PriceCase,
  given: PriceCase['amounts'],
  fields: Fields,
  rejection: Rejection | null,
): Pick<ActionPage, 'changes' | 'happens' | 'sure'> {
  const { say } = language;
  const { row, intervals, amounts, prices, version } = it;
  const money = moneyIn(language, it);
  const subscriptions = prices.reduce((sum, one) => sum + one.subscriptions, 0);
  const dear = given.month !== null && given.year !== null && given.year > given.month * 12;
  return {
    changes: intervals.map((one) => ({
      what: say(`admin.field.${one}`),
      before: money(amounts[one]),
      after: money(given[one]),
    })),
    happens: [
      say('admin.tiers.price.happens.new'),
      say('admin.tiers.price.happens.kept', { n: subscriptions }),
      say('admin.tiers.price.happens.change'),
      say('admin.tiers.price.happens.stripe'),
      ...(dear ? [say('admin.tiers.price.happens.dear')] : []),
    ],
    sure: confirmForm(language, {
      action: actionOf(language, it),
      chosen: {
        ...(isPriced(row) ? {} : { currency: row.currency }),
        ...Object.fromEntries(intervals.map((one) => [one, amountInput(given[one], row.currency)])),
      },
      version,
      why: 'reason',
      typed: fields['reason'],
      hint: 'admin.matrix.reason.hint',
      rejection,
      submit: say('admin.tiers.price.submit'),
      grave: false,
    }),
  };
}
