import { randomUUID } from 'node:crypto';
import { addJob } from '../stores/postgres/jobs';
import type { WallTransaction } from '../stores/postgres/wall';
import { MEMBER_EVENTS } from './events';
import { rememberMembers } from './members';

/** Webhooks there can be. */
export const MOST_WEBHOOKS = 20;

/** Hours for which the former secret signs besides a new one. */
const BOTH_HOURS = 24;

export interface WebhookDraft {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
}

export type WebhookRow = NonNullable<Awaited<ReturnType<WallTransaction['webhook']['findUnique']>>>;

/** As it begins. `seal`: the secret as the row of this id keeps it. @returns null: there are as many as can be. */
export async function makeWebhook(
  db: WallTransaction,
  { name, url, events }: WebhookDraft,
  seal: (id: string) => string,
  { now, entitled }: { readonly now: Date; readonly entitled: Date },
): Promise<WebhookRow | null> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('webhooks'))`;
  if ((await db.webhook.count()) >= MOST_WEBHOOKS) return null;
  await beginTelling(db, events, entitled);
  const id = randomUUID();
  return db.webhook.create({ data: { id, name, url, events: [...events], secret: seal(id), createdAt: now } });
}

/** Where nobody was told of members so far, what changes is what changes from now on. */
async function beginTelling(db: WallTransaction, events: readonly string[], entitled: Date): Promise<void> {
  if (!events.some((one) => MEMBER_EVENTS.some((event) => event === one))) return;
  const others = { events: { hasSome: [...MEMBER_EVENTS] } };
  if ((await db.webhook.count({ where: others })) === 0) await rememberMembers(db, entitled);
}

/** Another secret signs from now on, for a while beside the one before. */
export async function rotateSecret(db: WallTransaction, row: WebhookRow, sealed: string, now: Date): Promise<void> {
  const formerUntil = new Date(now.getTime() + BOTH_HOURS * 3_600_000);
  await db.webhook.update({
    where: { id: row.id },
    data: { secret: sealed, formerSecret: row.secret, formerUntil, version: { increment: 1 } },
    select: { id: true },
  });
}

/** Tells it nothing until it is resumed: what happens meanwhile waits. @returns false: it is paused. */
export async function pauseWebhook(db: WallTransaction, id: string): Promise<boolean> {
  const data = { state: 'paused', reason: null, version: { increment: 1 } };
  return (await db.webhook.updateMany({ where: { id, state: 'active' }, data })).count === 1;
}

/** Deliveries that wait for a webhook at most while it is paused, as the trigger `webhook_waits` has it. */
export const MOST_WAITING = 1_000;

const dueFor = (webhookId: string, now: Date) => ({ webhookId, state: 'waiting', dueAt: { lte: now } });

/** How many things it would be told if it were resumed now. */
export const countWaiting = (db: WallTransaction, webhookId: string, now: Date): Promise<number> =>
  db.webhookDelivery.count({ where: dueFor(webhookId, now) });

/**
 * Goes on, with what has waited or, where that is not wanted, without what is due of it.
 * @returns false: it is active.
 */
export async function resumeWebhook(
  db: WallTransaction,
  { id, state }: WebhookRow,
  waited: 'tell' | 'skip',
  now: Date,
): Promise<boolean> {
  if (state !== 'paused') return false;
  const data = { state: 'active', reason: null, failingSince: null, version: { increment: 1 } };
  await db.webhook.update({ where: { id }, data, select: { id: true } });
  if (waited === 'skip')
    await db.webhookDelivery.updateMany({ where: dueFor(id, now), data: { state: 'skipped', finishedAt: now } });
  await db.$queryRaw`
    SELECT graphile_worker.add_job('send-webhook', json_build_object('delivery', id), run_at => due_at,
      max_attempts => 14, job_key => 'webhook ' || id) IS NULL AS added
    FROM webhook_deliveries WHERE webhook_id = ${id}::uuid AND state = 'waiting' ORDER BY created_at, id`;
  return true;
}

/** Tells it once more, under the same id. @returns false: there is none that has ended. */
export async function sendAgain(db: WallTransaction, webhookId: string, id: string, now: Date): Promise<boolean> {
  const { count } = await db.webhookDelivery.updateMany({
    where: { id, webhookId, state: { not: 'waiting' } },
    data: { state: 'waiting', attempts: 0, dueAt: now, finishedAt: null, failure: null, responseCode: null },
  });
  if (count === 1) await queueDelivery(db, id, now);
  return count === 1;
}

const queueDelivery = (db: WallTransaction, id: string, dueAt: Date): Promise<void> =>
  addJob(
    db,
    'send-webhook',
    { delivery: id },
    { key: `webhook ${id}`, attempts: 14, seconds: Math.max(0, (dueAt.getTime() - Date.now()) / 1_000) },
  );
