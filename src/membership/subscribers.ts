import { findMailBlock, findMailBlocks, type MailBlock } from '../accounts/mail-blocks';
import type { WallTransaction } from '../stores/postgres/wall';

/** Which of those who get letters without an account are meant. */
export interface SubscriberFilter {
  /** A part of the address. */
  readonly q?: string | undefined;
  readonly list?: string | undefined;
}

/** Somebody who gets letters without an account. */
export interface SubscriberRow {
  readonly id: string;
  readonly email: string;
  readonly list: string;
  readonly lang: string;
  readonly categories: readonly string[];
  readonly confirmedAt: Date;
  readonly mailRefusedAt: Date | null;
  /** What keeps letters from the address; null: nothing does. */
  readonly block: MailBlock | null;
}

/** Signs that stand for others in LIKE stand for themselves. */
const literally = (q: string): string => q.replace(/[\\%_]/g, '\\$&');

const conditions = ({ q, list }: SubscriberFilter) => ({
  ...(q === undefined ? {} : { email: { contains: literally(q.trim().toLowerCase()) } }),
  ...(list === undefined ? {} : { list }),
});

/** Subscribers, the newest first; those behind one of them, where there are many. */
export async function listSubscribers(
  db: WallTransaction,
  filter: SubscriberFilter,
  { skip = 0, take, behind }: { readonly skip?: number; readonly take: number; readonly behind?: string | undefined },
): Promise<SubscriberRow[]> {
  const rows = await db.subscriber.findMany({
    where: conditions(filter),
    orderBy: [{ confirmedAt: 'desc' }, { id: 'desc' }],
    ...(behind === undefined ? { skip } : { cursor: { id: behind }, skip: 1 }),
    take,
  });
  const blocks = await findMailBlocks(
    db,
    rows.map(({ email }) => email),
  );
  return rows.map((row) => ({ ...row, block: blocks.get(row.email) ?? null }));
}

/** One of them; null: there is none. */
export async function findSubscriber(db: WallTransaction, id: string): Promise<SubscriberRow | null> {
  const row = await db.subscriber.findUnique({ where: { id } });
  return row && { ...row, block: await findMailBlock(db, row.email) };
}

/** How many there are, counted up to `most`. */
export const countSubscribers = (db: WallTransaction, filter: SubscriberFilter, most: number): Promise<number> =>
  db.subscriber.count({ where: conditions(filter), take: most });

/**
 * Deletes all there is of a subscriber: what they get, what they have asked for and not confirmed, and that they were
 * asked. Letters that were sent stay counted, without a name.
 */
export async function removeSubscriber(db: WallTransaction, { id, email }: SubscriberRow): Promise<void> {
  await db.subscriber.deleteMany({ where: { id } });
  await db.$executeRaw`DELETE FROM former_subscribers WHERE hash = wall.hash_of_address(${email})`;
  await db.pendingSubscription.deleteMany({ where: { email } });
  await db.letter.deleteMany({ where: { recipient: email, accountId: null, kind: 'confirm-subscription' } });
}
