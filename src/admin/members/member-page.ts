import type { Language } from '../../lib/language';
import { describeGrants, describeAccess } from '../../accounts/own/access-texts';
import { formatDevice, formatMoment } from '../../accounts/own/format';
import { nextCharge } from '../../billing/account/subscription-texts';
import type { UpcomingCharges } from '../../billing/stripe/upcoming';
import { auditLine, formatAction } from '../audit/format';
import { formatMoney } from '../../lib/money';
import type { MemberEvent, MemberPage, TimelineRow } from '../page-types';
import type { Staff } from '../staff';
import type { TierNames } from '../tier-names';
import { ACTIONS } from './actions';
import { formatLetterState } from './letter-state';
import type { MemberRead } from './member';
import { memberFacts } from './member-facts';
import { scaleOf, stretchOf, type Scale } from './timeline';
import { chargesAgain } from '../../billing/running';

/** Happenings of each kind on the timeline. */
const MOST = 12;

/** Everything known of one member, in words. */
export function memberPage(
  language: Language,
  staff: Staff,
  member: MemberRead,
  tiers: TierNames,
  now: Date,
  upcoming: UpcomingCharges,
): Omit<MemberPage, 'frame'> {
  const { say, prefix } = language;
  const stands = member.standing;
  const invoices = member.customers
    .flatMap((customer) => customer.invoices)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const scale = scaleOf(
    [
      member.createdAt,
      ...member.grants.flatMap(({ from, until, revokedAt }) => [from, until, revokedAt].filter((one) => one !== null)),
    ],
    now,
  );
  const at = `${prefix}/admin/members/${member.id}`;
  return {
    back: `${prefix}/admin/members`,
    facts: memberFacts(language, member),
    accessText: describeAccess(stands, language, tiers.nameOf),
    changes:
      stands.changesAt === null
        ? null
        : say('admin.member.changes', { moment: formatMoment(language, stands.changesAt) }),
    timeline: {
      begins: language.day(scale.begins),
      ends: language.day(scale.ends),
      now: scale.at(now),
      rows: rowsOf(language, staff, member, tiers, scale, now, at),
    },
    events: eventsOf(language, member, invoices, scale),
    billingHref: staff.role === 'admin' ? `${at}/billing` : null,
    subscriptions: member.customers
      .flatMap((customer) => customer.subscriptions)
      .map((one) => subscriptionLine(language, one, tiers, upcoming)),
    invoices: invoices.map((one) => invoiceLine(language, one)),
    letters: member.letters.map(({ kind, createdAt, ...letter }) => ({
      kind: formatLetter(language, kind),
      at: formatMoment(language, createdAt),
      state: formatLetterState(language, letter),
    })),
    ...waysInPart(language, member),
    audit: member.audit.map((entry) => auditLine(language, entry)),
    auditHref: staff.role === 'admin' ? `${prefix}/admin/audit?target=${member.id}` : null,
    actions: ACTIONS.filter((one) => one.of === 'member' && one.roles.includes(staff.role) && one.offered(member)).map(
      ({ name, grave }) => ({ label: say(`admin.action.${name}.name`), href: `${at}/${name}`, grave }),
    ),
  };
}

type CustomerRead = MemberRead['customers'][number];

/** A subscription as support needs it: what it opens, until when, and Stripe's id. */
function subscriptionLine(
  language: Language,
  one: CustomerRead['subscriptions'][number],
  tiers: TierNames,
  upcoming: UpcomingCharges,
): MemberPage['subscriptions'][number] {
  const { say } = language;
  return {
    name: one.tierSlug === null ? say('admin.subscription.unknown') : tiers.nameOf(one.tierSlug),
    status: say('admin.subscription.status', { status: one.status }),
    lines: [
      say('admin.subscription.price', {
        amount: formatMoney(language.code, one.amountCents, one.currency),
        interval: say(`admin.interval.${one.interval ?? 'none'}`),
      }),
      say('admin.subscription.access', {
        reason: one.accessReason,
        until: one.accessUntil === null ? say('admin.fact.none') : formatMoment(language, one.accessUntil),
      }),
      ...(chargesAgain(one)
        ? [`${say('billing.fact.next')}: ${nextCharge(one, upcoming.get(one.stripeId), language)}`]
        : []),
      ...(one.cancelAt === null
        ? []
        : [say('admin.subscription.cancels', { moment: formatMoment(language, one.cancelAt) })]),
      one.stripeId,
    ],
  };
}

function invoiceLine(language: Language, one: CustomerRead['invoices'][number]): MemberPage['invoices'][number] {
  const { say } = language;
  return {
    name: one.number ?? one.stripeId,
    at: language.day(one.createdAt),
    amount: formatMoney(language.code, one.dueCents, one.currency),
    status:
      one.refundedCents > 0
        ? say('admin.invoice.refunded', {
            status: one.status,
            amount: formatMoney(language.code, one.refundedCents, one.currency),
          })
        : one.status,
  };
}

/** Where the account is logged in, and with what programs read. */
function waysInPart(language: Language, member: MemberRead): Pick<MemberPage, 'sessions' | 'tokens'> {
  const { say } = language;
  return {
    sessions: member.logins.map(({ device, createdAt, lastSeenAt }) => ({
      device: formatDevice(language, device),
      times: say('account.sessions.times', {
        since: formatMoment(language, createdAt),
        seen: formatMoment(language, lastSeenAt),
      }),
    })),
    tokens: member.apiTokens.map(({ name, createdAt, lastUsedAt }) => ({
      name,
      times: say('account.tokens.times', {
        made: formatMoment(language, createdAt),
        used: lastUsedAt === null ? say('account.tokens.never') : formatMoment(language, lastUsedAt),
      }),
    })),
  };
}

/** The chain of the explanation, strongest first, each grant with its bar. */
function rowsOf(
  language: Language,
  staff: Staff,
  member: MemberRead,
  tiers: TierNames,
  scale: Scale,
  now: Date,
  at: string,
): TimelineRow[] {
  const { say } = language;
  const views = describeGrants(member.standing, language, tiers.nameOf);
  return member.standing.grants.map(({ grant }, index) => {
    const view = views[index]!;
    const row = member.grants.find(({ id }) => id === grant.id);
    const what = `${view.tier.name}, ${view.source}`;
    const offered = ACTIONS.filter(
      (one) => one.of === 'grant' && one.roles.includes(staff.role) && row !== undefined && one.offeredFor(row, now),
    );
    return {
      ...view,
      notes: [...(row?.reason ? [row.reason] : []), ...(row?.reference ? [row.reference] : [])],
      bar: stretchOf(grant, scale),
      links: offered.map(({ name }) => ({
        label: say(`admin.action.${name}.name`),
        href: `${at}/${name}?grant=${grant.id}`,
        hiddenText: what,
      })),
    };
  });
}

function eventsOf(
  language: Language,
  member: MemberRead,
  invoices: MemberRead['customers'][number]['invoices'],
  scale: Scale,
): MemberEvent[] {
  const { say } = language;
  const entry = (moment: Date, kind: MemberEvent['kind'], what: string) => ({
    at: formatMoment(language, moment),
    iso: moment.toISOString(),
    kind,
    what,
    place: scale.at(moment),
  });
  return [
    ...invoices.slice(0, MOST).map((one) =>
      entry(
        one.paidAt ?? one.createdAt,
        'payment',
        say(one.paidAt === null ? 'admin.timeline.invoice' : 'admin.timeline.payment', {
          amount: formatMoney(language.code, one.paidAt === null ? one.dueCents : one.paidCents, one.currency),
        }),
      ),
    ),
    ...member.letters
      .slice(0, MOST)
      .map(({ kind, createdAt }) =>
        entry(createdAt, 'letter', say('admin.timeline.letter', { letter: formatLetter(language, kind) })),
      ),
    ...member.audit
      .filter(({ action }) => action !== 'member-viewed')
      .slice(0, MOST)
      .map(({ action, at, actor }) =>
        entry(at, 'action', say('admin.timeline.action', { action: formatAction(language, action), actor })),
      ),
  ]
    .sort((a, b) => (a.iso < b.iso ? 1 : -1))
    .slice(0, 2 * MOST);
}

/** A letter by its name in these sections, else by its subject: a subject with something to fill in is no name. */
function formatLetter(language: Language, kind: string): string {
  const name = [`admin.billing.letter.${kind}`, `letter.${kind}.subject`].find((one) => language.has(one));
  return name === undefined ? kind : language.say(name);
}
