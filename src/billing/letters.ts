import { z } from 'zod';
import type { Language } from '../lib/language';
import type { LetterData, LetterKind, LetterKinds } from '../lib/letter';
import { formatMoney } from '../lib/money';
import { ALARMS } from './sync/alarms';

/** Where the way to pay, the invoices and the plan are. */
const BILLING_PATH = '/account/billing';

const cents = z
  .string()
  .regex(/^\d{1,12}$/)
  .optional();
const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .optional();
const day = z.iso.datetime().optional();
const name = z.string().max(200).optional();

/** How a subscription stands that opens nothing any more: only one of these has ended. */
const ENDED_STATES = ['ended', 'unpaid', 'paused', 'other-product'] as const;
export type EndedState = (typeof ENDED_STATES)[number];

/** How a subscription stands whose payment has gone back in full. */
const AFTER_REFUND = ['ended', 'ends', 'goes-on', 'waits'] as const;
export type AfterRefund = (typeof AFTER_REFUND)[number];

/** Stands where a letter's data has gone: it has long been sent. */
const GONE = '…';

const sayDay = (moment: string | undefined, language: Language): string =>
  moment === undefined ? GONE : language.day(new Date(moment));

const sayAmount = ({ amount, currency: of }: LetterData, language: Language): string =>
  amount === undefined || of === undefined ? GONE : formatMoney(language.code, Number(amount), of);

const kind = (
  shape: Readonly<Record<string, z.ZodType<string | undefined>>>,
  opens: LetterKind['opens'],
  words: NonNullable<LetterKind['words']>,
): LetterKind => ({ data: z.strictObject(shape), opens, words });

/** Until when somebody who owes something reads on; or since when no longer, where a try failed after that. */
function sayReading({ until, failed }: LetterData, language: Language): string {
  const over = until !== undefined && failed !== undefined && until <= failed;
  return language.say(over ? 'letter.reading.over' : 'letter.reading.until', { until: sayDay(until, language) });
}

/** Whether a payment will be tried again by itself. */
function sayTries({ next, last }: LetterData, language: Language): string {
  if (last !== undefined) return language.say('letter.payment-failed.last');
  return next === undefined
    ? language.say('letter.payment-failed.again')
    : language.say('letter.payment-failed.next', { next: sayDay(next, language) });
}

/** The letters billing sends. They say dates, amounts and the tier's name; nothing anybody typed. */
export const billingLetterKinds = {
  'subscription-welcome': kind(
    { tier: name },
    () => '/',
    ({ tier = GONE }) => ({ tier }),
  ),
  'payment-failed': kind(
    { tier: name, amount: cents, currency, failed: day, until: day, next: day, last: z.literal('yes').optional() },
    () => BILLING_PATH,
    (data, language) => ({
      tier: data['tier'] ?? GONE,
      amount: sayAmount(data, language),
      day: sayDay(data['failed'], language),
      reading: sayReading(data, language),
      tries: sayTries(data, language),
    }),
  ),
  'authentication-needed': kind(
    { tier: name, amount: cents, currency, failed: day, until: day },
    () => BILLING_PATH,
    (data, language) => ({
      tier: data['tier'] ?? GONE,
      amount: sayAmount(data, language),
      reading: sayReading(data, language),
    }),
  ),
  'subscription-will-end': kind(
    { tier: name, until: day },
    () => BILLING_PATH,
    ({ tier = GONE, until }, language) => ({ tier, until: sayDay(until, language) }),
  ),
  'subscription-ended': kind(
    { tier: name, until: day, state: z.enum(ENDED_STATES).optional() },
    () => BILLING_PATH,
    ({ tier = GONE, until, state = 'ended' }, language) => {
      const part = (ending: string) =>
        language.say(`letter.subscription-ended.${state}.${ending}`, { tier, until: sayDay(until, language) });
      return { heading: part('heading'), how: part('text'), then: part('note') };
    },
  ),
  'trial-ends': kind(
    { tier: name, until: day, amount: cents, currency },
    () => BILLING_PATH,
    (data, language) => ({
      tier: data['tier'] ?? GONE,
      until: sayDay(data['until'], language),
      charge:
        data['amount'] === undefined
          ? language.say('letter.trial-ends.unknown')
          : language.say('letter.trial-ends.charge', { amount: sayAmount(data, language) }),
    }),
  ),
  refunded: kind(
    { amount: cents, currency, day, then: z.enum(AFTER_REFUND).optional(), until: day },
    () => BILLING_PATH,
    (data, language) => ({
      amount: sayAmount(data, language),
      day: sayDay(data['day'], language),
      then:
        data['then'] === undefined
          ? ''
          : language.say(`letter.refunded.${data['then']}`, { until: sayDay(data['until'], language) }),
    }),
  ),
  alarm: kind(
    { kind: z.enum(ALARMS).optional(), subject: z.string().max(300).optional() },
    () => null,
    ({ kind: what, subject = GONE }, language) => ({
      what: what === undefined ? GONE : language.say(`alarm.${what}`),
      subject,
    }),
  ),
} as const satisfies LetterKinds;

export type BillingLetter = Exclude<keyof typeof billingLetterKinds, 'alarm'>;
