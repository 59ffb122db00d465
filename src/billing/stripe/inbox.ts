import type Stripe from 'stripe';
import { accountsViewer } from '../../access/viewer';
import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { customerOf, objectIdOf } from './events';

/** Whatever can run one statement: the pool, or one of its connections. */
export interface Statements {
  query(asked: {
    readonly name: string;
    readonly text: string;
    readonly values: unknown[];
  }): Promise<{ rows: unknown[] }>;
}

/** Named, so that a connection understands it once and not with every event. */
const RECEIVE = {
  name: 'receive event',
  text:
    'SELECT wall.receive_event($1, $2, $3, $4, to_timestamp($5), $6, make_interval(secs => $7::float8), ' +
    'make_interval(secs => $8::float8)) AS fresh',
};

/** When an event is looked into, in milliseconds. */
export interface SyncDelay {
  /** It waits so long for others of its customer: Stripe tells one thing in several, and one look is enough. */
  readonly debounceMs: number;
  /** From one look at a customer to the next that an event asks for: who is told a lot need not ask as often. */
  readonly cooldownMs: number;
}

export const IMMEDIATELY: SyncDelay = { debounceMs: 0, cooldownMs: 0 };

/**
 * Keeps an event, with the job that looks into it, in one statement: once this has returned it is not lost.
 * @param body the event as it came.
 * @returns false when it was there already.
 * @throws when Postgres does not answer; then nothing is kept.
 */
export async function receive(
  pool: Statements,
  event: Stripe.Event,
  body = JSON.stringify(event),
  { debounceMs, cooldownMs }: SyncDelay = IMMEDIATELY,
): Promise<boolean> {
  const statement = {
    ...RECEIVE,
    values: [
      event.id,
      event.type,
      objectIdOf(event),
      customerOf(event),
      event.created,
      UNKEEPABLE.test(body) ? keepable(event) : body,
      debounceMs / 1000,
      cooldownMs / 1000,
    ],
  };
  const { rows } = await pool.query(statement).catch((error: unknown) => {
    if (!isDeadlock(error)) throw error;
    return pool.query(statement);
  });
  const [row] = rows;
  return (row as { fresh: boolean } | undefined)?.fresh === true;
}

/**
 * Two events of one customer may both hold a shared lock on the row of their job and both want to upgrade it. Postgres
 * rolls one of the two transactions back; it is tried once more.
 */
const isDeadlock = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '40P01';

/** What JSON may say and a text of Postgres cannot hold: the character zero, and half a character. */
const UNKEEPABLE = /\\u(?:0000|d[89a-f])/i;

/**
 * The same event with a sign in the place of each such character in a value: one that cannot be kept would come again
 * for ever.
 */
function keepable(event: Stripe.Event): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\ufffd').replace(/\p{Cs}/gu, '\ufffd') : value,
  );
}

/** Puts a dead event back, to be looked into once more. False when there is none such. */
export function replay(wall: Wall, eventId: string): Promise<boolean> {
  return wall.write(accountsViewer, (db) => requeue(db, eventId));
}

/** The same in the registrar's transaction, together with whatever else belongs to it. */
export async function requeue(db: WallTransaction, eventId: string): Promise<boolean> {
  const { count } = await db.inboxEvent.updateMany({
    where: { eventId, state: { in: ['dead', 'ignored', 'done'] } },
    data: { state: 'received', attempts: 0, failure: null, settledAt: null },
  });
  if (count === 0) return false;
  await addJob(db, 'event', { event: eventId }, { key: `event ${eventId}` });
  await db.alarm.updateMany({
    where: { kind: 'dead-event', subject: eventId, settledAt: null },
    data: { settledAt: new Date() },
  });
  return true;
}

/**
 * Puts back the jobs of events that wait and have none: they went down with the process that worked on them.
 * @param seconds that an event may wait before it counts as left behind.
 * @returns how many.
 */
export function requeueStale(wall: Wall, seconds: number): Promise<number> {
  return wall.write(accountsViewer, async (db) => {
    const left = await db.$queryRaw<{ event_id: string; customer_ref: string | null }[]>`
      SELECT event_id, customer_ref FROM inbox WHERE state = 'received'
        AND received_at <= clock_timestamp() - make_interval(secs => ${seconds}::float8)
        AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs job
          WHERE job.key IN ('event ' || event_id, 'customer ' || customer_ref) AND job.is_available)
      ORDER BY received_at LIMIT 1000`;
    for (const { event_id, customer_ref } of left)
      await addJob(
        db,
        'event',
        { event: event_id },
        { key: customer_ref === null ? `event ${event_id}` : `customer ${customer_ref}` },
      );
    return left.length;
  });
}
