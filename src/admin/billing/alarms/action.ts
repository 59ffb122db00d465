import { accountsViewer } from '../../../access/viewer';
import { notFound } from '../../../lib/failure';
import type { Language } from '../../../lib/language';
import type { WallTransaction } from '../../../stores/postgres/wall';
import type { AdminAction, Rejection } from '../../action/perform';
import { endRefunded, type RefundedSubscription } from './subscriptions';
import type { AdminBillingParts } from '../parts';

/** What can be done to an alarm by hand. */
export type AlarmStep = 'settle' | 'reopen';

interface AlarmCase {
  readonly name: string;
  readonly settledAt: Date | null;
  /** Is there an open alarm about the same already? */
  readonly another: boolean;
}

/** @throws Failure 404 where there is no such alarm. */
async function readCase(db: WallTransaction, id: string): Promise<AlarmCase> {
  const alarm = await db.alarm.findUnique({ where: { id } });
  if (!alarm) throw notFound('an alarm');
  const { kind, subject, settledAt } = alarm;
  const open = await db.alarm.count({ where: { kind, subject, settledAt: null, NOT: { id } } });
  return { name: `${kind} ${subject}`, settledAt, another: open > 0 };
}

/**
 * Settles an alarm by hand, or opens it again.
 * @param ends the subscription that it asks about is to end with it.
 */
export function alarmAction(
  parts: AdminBillingParts,
  { say }: Language,
  { id, step, ends }: { readonly id: string; readonly step: AlarmStep; readonly ends: boolean },
): AdminAction<AlarmCase, RefundedSubscription> & {
  readonly name: 'alarm-settled' | 'alarm-reopened';
} {
  const { wall, clock } = parts;
  const now = clock.now();
  const settledAt = step === 'settle' ? now : null;
  const another: Rejection = { status: 409, error: say('admin.billing.alarm.another') };
  return {
    name: step === 'settle' ? 'alarm-settled' : 'alarm-reopened',
    targetId: id,
    reason: 'optional',
    changed: 'admin.billing.alarm.another',
    load: () => wall.read(accountsViewer, (db) => readCase(db, id)),
    check: (it) => {
      // Settled or opened already: there is nothing to do, and nothing to tell of.
      if ((it.settledAt !== null) === (step === 'settle')) return 'nothing';
      return step === 'reopen' && it.another ? another : null;
    },
    ...(step === 'settle' && ends
      ? {
          outside: async () => {
            const ended = await endRefunded(parts, id);
            return ended === 'away'
              ? { rejection: { status: 503, error: say('admin.billing.alarm.not-ended') } }
              : { done: ended };
          },
        }
      : {}),
    wall,
    viewer: accountsViewer,
    lock: (db) => db.$queryRaw`SELECT 1 FROM alarms WHERE id = ${id}::uuid FOR UPDATE`,
    reload: (db) => readCase(db, id),
    entry: (it, ended) => ({
      target: { kind: 'alarm', id, name: it.name },
      before: { settled: it.settledAt?.toISOString() ?? null },
      after: {
        settled: settledAt?.toISOString() ?? null,
        ...(ended ? { subscription: ended.stripeId, ends: now.toISOString() } : {}),
      },
    }),
    write: (db) => db.alarm.update({ where: { id }, data: { settledAt } }),
  };
}
