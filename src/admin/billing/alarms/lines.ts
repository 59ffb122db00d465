import { ALARMS } from '../../../billing/sync/alarms';
import { formatMoment } from '../../../accounts/own/format';
import type { Language } from '../../../lib/language';
import { formatMoney } from '../../../lib/money';
import type { WallTransaction } from '../../../stores/postgres/wall';
import type { Known } from '../../page-types';
import { submitOnceButton } from '../../action/form';
import type { AlarmLine } from '../page-types';

/** Alarms as a page needs them, the account with them. */
export const ALARM = { account: { select: { id: true, name: true, email: true } } } as const;

export type AlarmRead = Awaited<ReturnType<typeof readAlarms>>[number];

/** The alarms of a filter, the latest first. */
export const readAlarms = (
  db: WallTransaction,
  where: NonNullable<Parameters<WallTransaction['alarm']['findMany']>[0]>['where'],
  page: { readonly skip?: number; readonly take: number },
) => db.alarm.findMany({ where: where ?? {}, include: ALARM, orderBy: [{ lastAt: 'desc' }, { id: 'asc' }], ...page });

/** The customers that alarms are about, by the alarm's id: as they say themselves, or as our rows know. */
export async function customersOf(
  db: WallTransaction,
  alarms: readonly AlarmRead[],
): Promise<ReadonlyMap<string, string>> {
  const named = alarms.map((alarm) => ({
    alarm,
    words: [alarm.subject, ...Object.values(asDetails(alarm.details)).map(String)].join(' ').split(' '),
  }));
  const ids = (kind: string) => [
    ...new Set(named.flatMap(({ words }) => words.filter((word) => word.startsWith(`${kind}_`)))),
  ];
  const owners = new Map<string, string>();
  const note = (id: string, stripeId: string | null) => {
    if (stripeId !== null) owners.set(id, stripeId);
  };
  for (const { stripeId, customer } of await db.subscription.findMany({
    where: { stripeId: { in: ids('sub') } },
    select: { stripeId: true, customer: { select: { stripeId: true } } },
  }))
    note(stripeId, customer.stripeId);
  for (const { stripeId, customer } of await db.invoice.findMany({
    where: { stripeId: { in: ids('in') } },
    select: { stripeId: true, customer: { select: { stripeId: true } } },
  }))
    note(stripeId, customer.stripeId);
  for (const { eventId, customerRef } of await db.inboxEvent.findMany({
    where: { eventId: { in: ids('evt') } },
    select: { eventId: true, customerRef: true },
  }))
    note(eventId, customerRef);
  const accounts = [...new Set(alarms.map(({ accountId }) => accountId).filter((id) => id !== null))];
  for (const { accountId, stripeId } of await db.customer.findMany({
    where: { accountId: { in: accounts }, deletedAt: null },
    select: { accountId: true, stripeId: true },
  }))
    note(accountId!, stripeId);
  return new Map(
    named.flatMap(({ alarm, words }) => {
      const found =
        words.find((word) => /^cus_\w+$/.test(word)) ??
        words.map((word) => owners.get(word)).find((one) => one !== undefined) ??
        owners.get(alarm.accountId ?? '');
      return found === undefined ? [] : [[alarm.id, found] as const];
    }),
  );
}

/**
 * An alarm in words, with the button that settles it, or opens it again.
 * @param asksToEnd does a subscription go on that should perhaps end with it?
 */
export function alarmLine(
  language: Language,
  alarm: AlarmRead,
  customer: string | undefined,
  back: 'alarms' | null,
  asksToEnd = false,
): AlarmLine {
  const { say, prefix } = language;
  const section = `${prefix}/admin/billing`;
  const settled = alarm.settledAt !== null;
  return {
    id: alarm.id,
    what: formatAlarm(language, alarm.kind),
    subject: alarm.subject,
    account: alarm.account && {
      name: alarm.account.email,
      href: `${prefix}/admin/members/${alarm.account.id}/billing`,
    },
    times: say('admin.billing.alarm.times', { n: alarm.times }),
    first: formatMoment(language, alarm.createdAt),
    last: formatMoment(language, alarm.lastAt),
    settled: alarm.settledAt && say('admin.billing.alarm.settled', { moment: formatMoment(language, alarm.settledAt) }),
    details: formatDetails(language, alarm.details),
    compare: customer === undefined ? null : `${section}/compare?customer=${customer}`,
    end: asksToEnd && !settled ? say('admin.billing.alarm.end') : null,
    button: submitOnceButton(
      `${section}/alarms/${alarm.id}/${settled ? 'reopen' : 'settle'}`,
      say(settled ? 'admin.billing.alarm.reopen' : 'admin.billing.alarm.settle'),
      back === null ? {} : { back },
    ),
  };
}

/** What an alarm means; one nobody has words for by its own name. */
export function formatAlarm(language: Language, kind: string): string {
  const known = ALARMS.find((one) => one === kind);
  return known === undefined ? kind : language.say(`alarm.${known}`);
}

/** What an alarm notes besides, line by line; amounts as money. */
function formatDetails(language: Language, given: unknown): Known[] {
  const { amountCents, currency, ...rest } = asDetails(given);
  const label = (name: string) => (language.has(`admin.fact.${name}`) ? language.say(`admin.fact.${name}`) : name);
  const money =
    typeof amountCents === 'number' && typeof currency === 'string'
      ? [{ label: label('amount'), text: formatMoney(language.code, amountCents, currency) }]
      : [];
  const others = Object.entries(rest).map(([name, value]) => ({
    label: label(name),
    text:
      value === null || value === ''
        ? language.say('admin.fact.none')
        : typeof value === 'boolean'
          ? language.say(value ? 'admin.fact.yes' : 'admin.fact.no')
          : String(value),
  }));
  return [...money, ...others];
}

function asDetails(given: unknown): Readonly<Record<string, string | number | boolean | null>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? (given as Record<string, string | number | boolean | null>)
    : {};
}
