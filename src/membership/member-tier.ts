import type { WallTransaction } from '../stores/postgres/wall';
import { grantHolds } from './access-sql';

/** The highest tier that an account's grants open to it now, whatever its role; null: none, or it is suspended. */
export async function memberTier(db: WallTransaction, accountId: string, now: Date): Promise<string | null> {
  const [row] = await db.$queryRaw<{ slug: string }[]>`
    SELECT t.slug FROM grants g JOIN tiers t ON t.slug = g.tier_slug JOIN accounts a ON a.id = g.account_id
    WHERE g.account_id = ${accountId}::uuid AND a.state = 'active' AND ${grantHolds(now)}
    ORDER BY t.rank DESC LIMIT 1`;
  return row?.slug ?? null;
}
