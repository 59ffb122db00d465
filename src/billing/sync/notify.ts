import { graceEnd } from '../../access/subscription';
import { textsIn } from '../../lib/language';
import { writeLetter } from '../../stores/postgres/outbox';
import type { WallTransaction } from '../../stores/postgres/wall';
import { isPaidBack, type Entitlement } from './evaluate-subscription';
import type { AfterRefund, BillingLetter, EndedState } from '../letters';
import type { RefundSnapshot } from './snapshot';

/** Whom letters about a subscription go to. */
export interface Subscriber {
  readonly id: string;
  readonly email: string;
  readonly lang: string;
}

/** A letter that there is cause for. */
export interface Draft {
  readonly kind: BillingLetter;
  /** What it is about. The same gives the same letter, whoever finds it out and however often. */
  readonly about: string;
  /** The tier it names, by slug. */
  readonly tier: string | null;
  readonly data: Readonly<Record<string, string>>;
}

/** The same with when there came to be cause for it. */
export interface DatedDraft extends Draft {
  readonly at: Date;
}

const DAY = 86_400_000;

/** Milliseconds before the end of a trial at which it is said. */
export const TRIAL_NOTICE = 3 * DAY;

/**
 * What there is to tell of a subscription as it stands. Each letter follows from the state and has a key made of it, so
 * that it is written once, whatever is delivered again.
 * @param opened the tier that it has opened here before, or does; null: it has never opened any.
 */
export function lettersAbout(
  { subscription: it, price, owed, facts, access: current, invoices }: Entitlement,
  opened: string | null,
  graceDays: number,
  now: Date,
): DatedDraft[] {
  const tier = price?.tier ?? opened;
  if (tier === null) return [];
  const hadAccess = opened !== null;
  const { access, reason, until } = current;
  const drafts: DatedDraft[] = [];
  const add = (kind: BillingLetter, about: string, at: Date, data: Readonly<Record<string, string>>) =>
    void drafts.push({ kind, about, tier, at, data });
  if (access) add('subscription-welcome', it.id, it.startedAt, {});
  if (it.status === 'past_due' && owed?.firstFailedAt && !owed.underway && (access || hadAccess)) {
    const last = graceEnd(facts, graceDays).toISOString();
    const failedAt = owed.lastFailedAt ?? owed.firstFailedAt;
    const failed = failedAt.toISOString();
    const due = { amount: String(owed.dueCents - owed.paidCents), currency: owed.currency, failed, until: last };
    // Each try that fails is told by itself; several that failed unseen are one.
    const about = owed.attempts > 1 ? `${owed.id} ${owed.attempts}` : owed.id;
    if (owed.asksForAuthentication) add('authentication-needed', about, failedAt, due);
    else
      add('payment-failed', about, failedAt, {
        ...due,
        ...(owed.nextAttemptAt === null ? { last: 'yes' } : { next: owed.nextAttemptAt.toISOString() }),
      });
  }
  if (access && it.cancelAt !== null)
    add('subscription-will-end', `${it.id} ${it.cancelAt.getTime() / 1000}`, it.canceledAt ?? it.startedAt, {
      until: it.cancelAt.toISOString(),
    });
  if (
    access &&
    reason === 'trialing' &&
    it.trialEnd !== null &&
    it.trialEnd.getTime() - now.getTime() <= TRIAL_NOTICE
  ) {
    const { upcoming } = it;
    add('trial-ends', `${it.id} ${it.trialEnd.getTime() / 1000}`, new Date(it.trialEnd.getTime() - TRIAL_NOTICE), {
      until: it.trialEnd.toISOString(),
      ...(upcoming === null ? {} : { amount: String(upcoming.dueCents), currency: upcoming.currency }),
    });
  }
  // What ends unpaid has lapsed before: that is one end and not two, also where what was owed is given up with it.
  const unpaid = owed ?? (reason === 'canceled' ? newestGivenUp(invoices) : null);
  if (!access && hadAccess && (ENDS.includes(reason) || (reason === 'refunded' && it.endedAt !== null)))
    add('subscription-ended', unpaid ? `${it.id} ${unpaid.id}` : it.id, until ?? now, {
      until: (until ?? now).toISOString(),
      state: stateOf(reason, it.endedAt),
    });
  return drafts;
}

/** The newest invoice, where nobody tries to collect it any more. */
function newestGivenUp(invoices: Entitlement['invoices']): Entitlement['invoices'][number] | null {
  const newest = invoices.reduce<Entitlement['invoices'][number] | null>(
    (last, one) => (last === null || one.createdAt > last.createdAt ? one : last),
    null,
  );
  return newest?.status === 'uncollectible' && newest.attempts > 0 ? newest : null;
}

const ENDS: readonly string[] = [
  'canceled',
  'unpaid',
  'deleted',
  'expired',
  'paused',
  'collection-paused',
  'other-product',
];

/** What closed access without ending the subscription, as the letter about it says. */
const GOES_ON: Readonly<Record<string, EndedState>> = {
  unpaid: 'unpaid',
  paused: 'paused',
  'collection-paused': 'paused',
  'other-product': 'other-product',
};

const stateOf = (reason: string, endedAt: Date | null): EndedState =>
  endedAt === null ? (GOES_ON[reason] ?? 'ended') : 'ended';

/**
 * Money that was given back, in full or in part, and what that does to the subscription: it may end, or be charged
 * again.
 */
export function letterAboutRefund(
  { id, invoice, amountCents, currency, createdAt }: RefundSnapshot,
  entitlements: readonly Entitlement[],
): DatedDraft {
  const about = entitlements.find(({ invoices }) => invoices.some((one) => one.id === invoice && isPaidBack(one)));
  return {
    kind: 'refunded',
    about: id,
    tier: null,
    at: createdAt,
    data: {
      amount: String(amountCents),
      currency,
      day: createdAt.toISOString(),
      ...(about?.access.reason === 'refunded' ? afterRefund(about) : {}),
    },
  };
}

function afterRefund({ subscription: it }: Entitlement): { readonly then: AfterRefund; readonly until?: string } {
  if (it.endedAt !== null) return { then: 'ended' };
  if (it.cancelAt !== null) return { then: 'ends', until: it.cancelAt.toISOString() };
  if (it.pause !== null || it.status !== 'active' || it.periodEnd === null) return { then: 'waits' };
  return { then: 'goes-on', until: it.periodEnd.toISOString() };
}

/** Writes those that were not written yet, in the transaction of what causes them. */
export async function queueLetters(
  db: WallTransaction,
  { id, email, lang }: Subscriber,
  drafts: readonly Draft[],
): Promise<void> {
  if (drafts.length === 0) return;
  const written = await db.letter.findMany({ where: { key: { in: drafts.map(keyOf) } }, select: { key: true } });
  for (const draft of drafts) {
    if (written.some(({ key }) => key === keyOf(draft))) continue;
    const name = draft.tier === null ? '' : await tierName(db, draft.tier, lang);
    await writeLetter(db, {
      key: keyOf(draft),
      kind: draft.kind,
      lang,
      recipient: email,
      accountId: id,
      data: dataOf(draft, () => name),
    });
  }
}

/** The same for the same cause, whoever finds it out: by it a letter is written once. */
export const keyOf = ({ kind, about }: Draft): string => `${kind} ${about}`;

/** What the letter says. */
export const dataOf = ({ tier, data }: Draft, nameOf: (tier: string) => string): Draft['data'] =>
  tier === null ? data : { tier: nameOf(tier), ...data };

async function tierName(db: WallTransaction, slug: string, lang: string): Promise<string> {
  const texts = await db.tierText.findMany({ where: { tierSlug: slug }, select: { lang: true, name: true } });
  return textsIn(texts, lang)?.name ?? slug;
}
