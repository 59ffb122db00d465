import { visitor } from '../access/viewer';
import type { Language } from '../lib/language';
import { isUnavailable } from '../stores/unavailable';
import type { WallTransaction, Wall } from '../stores/postgres/wall';
import { nameOfTier, joinLabel } from './tiers';

/** What joining opens. */
export const CIRCLE = 'strategy-circle';

/** Lets an account read as the Strategy Circle from now on. Granted twice, it is one grant (`grants_joined_once`). */
export async function joinCircle(db: WallTransaction, accountId: string, now: Date): Promise<void> {
  await db.grant.createMany({
    data: [{ accountId, tierSlug: CIRCLE, source: 'JOINED', from: now }],
    skipDuplicates: true,
  });
}

/**
 * The tier that joining opens, as it is called now, and the words for joining it; null while Postgres does not answer.
 */
export async function describeJoinTier(
  wall: Wall,
  language: Language,
): Promise<{ readonly name: string; readonly join: string } | null> {
  try {
    const name = await wall.read(visitor, (db) => nameOfTier(db, CIRCLE, language));
    return { name, join: joinLabel({ slug: CIRCLE, name }, language) };
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}
