import type { Behind } from '../stores/wall';

/** What joining opens. */
const CIRCLE = 'strategy-circle';

/** Lets an account read as the Strategy Circle from now on. Granted twice, it is one grant (`grants_joined_once`). */
export async function joinCircle(db: Behind, accountId: string, now: Date): Promise<void> {
  await db.grant.createMany({ data: [{ accountId, tierSlug: CIRCLE, source: 'JOINED', from: now }], skipDuplicates: true });
}
