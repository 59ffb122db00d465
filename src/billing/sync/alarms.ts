import { writeLetter } from '../../stores/postgres/outbox';
import type { WallTransaction } from '../../stores/postgres/wall';

/** What a person should look at. */
export const ALARMS = [
  'duplicate-subscription',
  'duplicate-customer',
  'orphan-subscription',
  'stranger-subscription',
  'unknown-price',
  'other-product',
  'unknown-status',
  'refund',
  'finalization-failed',
  'inquiry',
  'dispute',
  'dispute-lost',
  'customer-deleted',
  'other-account',
  'other-mode',
  'stripe-refused',
  'other-version',
  'webhook-clock',
  'dead-event',
  'drift',
] as const;
export type AlarmKind = (typeof ALARMS)[number];

export interface AlarmDraft {
  readonly kind: AlarmKind;
  /** What it is about: an id of Stripe's, or another name that comes back when it is met again. */
  readonly subject: string;
  /** Ids, amounts and moments; nothing a customer typed. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
  readonly accountId?: string | null;
}

/**
 * Raises an alarm about something that happens again and again: while one is open it is counted, and afterwards it is a
 * new one. The transaction must be the registrar's.
 */
export async function raise(
  db: WallTransaction,
  { kind, subject, details = {}, accountId = null }: AlarmDraft,
  now: Date,
): Promise<void> {
  const open = await db.alarm.findFirst({ where: { kind, subject, settledAt: null }, select: { id: true } });
  if (open) {
    await db.alarm.update({ where: { id: open.id }, data: { times: { increment: 1 }, lastAt: now, details } });
    return;
  }
  const { count } = await db.alarm.createMany({
    data: [{ kind, subject, details, accountId, createdAt: now, lastAt: now }],
    skipDuplicates: true,
  });
  if (count > 0) await notifyAdmins(db, kind, subject);
}

/**
 * Raises an alarm about something that is so, or has happened once: met again, also after it was settled, it is the
 * same one.
 */
export async function raiseOnce(db: WallTransaction, draft: AlarmDraft, now: Date): Promise<void> {
  if ((await db.alarm.count({ where: { kind: draft.kind, subject: draft.subject } })) > 0) return;
  await raise(db, draft, now);
}

async function notifyAdmins(db: WallTransaction, kind: AlarmKind, subject: string): Promise<void> {
  const alarm = await db.alarm.findFirst({ where: { kind, subject, settledAt: null }, select: { id: true } });
  if (!alarm) return;
  const admins = await db.account.findMany({
    where: { role: 'admin', state: 'active' },
    select: { id: true, email: true, lang: true },
  });
  for (const admin of admins) {
    await writeLetter(db, {
      key: `alarm ${alarm.id} ${admin.id}`,
      kind: 'alarm',
      lang: admin.lang,
      recipient: admin.email,
      accountId: admin.id,
      data: { kind, subject },
    });
  }
}
