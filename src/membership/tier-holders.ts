import type { WallTransaction } from '../stores/postgres/wall';
import { grantHolds, readsAll } from './access-sql';

/** Accounts that hold the same tiers now. */
export interface TierHolders {
  /** Slugs; none for those who read what everybody reads. */
  readonly tiers: readonly string[];
  readonly members: number;
}

/** How many accounts that are open hold which tiers at this moment; those who read everything here are left out. */
export function countByTiers(db: WallTransaction, now: Date): Promise<TierHolders[]> {
  return db.$queryRaw<TierHolders[]>`
    SELECT held.tiers, count(*)::int AS members
    FROM (
      SELECT ARRAY(
        SELECT DISTINCT g.tier_slug FROM grants g WHERE g.account_id = a.id AND ${grantHolds(now)} ORDER BY 1
      ) AS tiers
      FROM accounts a
      WHERE a.state = 'active' AND NOT ${readsAll}
    ) AS held
    GROUP BY held.tiers`;
}
