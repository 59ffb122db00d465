import type { GrantSource } from '../access/account-access';
import { HIGHEST_RANK } from '../access/viewer';
import { Prisma } from '../stores/prisma/client';

// The rule of src/access/account-access.ts as Postgres asks it, for lists of accounts too long to be read one by one. A
// test holds that both give every account the same rank (tests/membership/members.test.ts). Each expression is about
// the account `a` of the query it stands in.

/** Does the grant `g` count at this moment, as far as its dates go? */
export const grantHolds = (now: Date) => Prisma.sql`(g."from" <= ${now}
  AND (g.until IS NULL OR g.until > ${now}) AND (g.revoked_at IS NULL OR g.revoked_at > ${now}))`;

/** Is the account's role in force, and one that reads everything? */
export const readsAll = Prisma.sql`(a.role IN ('editor', 'admin')
  AND (a.totp_confirmed_at IS NOT NULL OR EXISTS (SELECT FROM passkeys p WHERE p.account_id = a.id)))`;

/** The account's rank at this moment. */
export const rankNow = (now: Date): Prisma.Sql => Prisma.sql`
  CASE WHEN a.state <> 'active' THEN 0 WHEN ${readsAll} THEN ${HIGHEST_RANK}::int
  ELSE coalesce((SELECT max(t.rank) FROM grants g JOIN tiers t ON t.slug = g.tier_slug
    WHERE g.account_id = a.id AND ${grantHolds(now)}), 0) END`;

/** Is that rank exactly this one? The same as `rankNow(now) = rank`, in a form that indexes can serve. */
export function whereRankIs(rank: number, now: Date): Prisma.Sql {
  if (rank === HIGHEST_RANK) return Prisma.sql`(a.state = 'active' AND ${readsAll})`;
  const above = Prisma.sql`EXISTS (SELECT FROM grants g WHERE g.account_id = a.id
    AND g.tier_slug IN (SELECT t.slug FROM tiers t WHERE t.rank > ${rank}) AND ${grantHolds(now)})`;
  if (rank === 0) return Prisma.sql`(a.state <> 'active' OR (NOT ${readsAll} AND NOT ${above}))`;
  return Prisma.sql`(a.state = 'active' AND NOT ${readsAll} AND NOT ${above}
    AND a.id IN (SELECT g.account_id FROM grants g JOIN tiers t ON t.slug = g.tier_slug
      WHERE t.rank = ${rank} AND ${grantHolds(now)}))`;
}

/**
 * Part of the text and no value: a plan that is kept must know that a source is a rare one, or it uses no index of the
 * rare (prisma/migrations, `grants_of_rare_sources`).
 */
const SOURCES: Readonly<Record<GrantSource, Prisma.Sql>> = {
  JOINED: Prisma.sql`'JOINED'`,
  SUBSCRIPTION: Prisma.sql`'SUBSCRIPTION'`,
  COMP: Prisma.sql`'COMP'`,
  TRIAL: Prisma.sql`'TRIAL'`,
  SEAT: Prisma.sql`'SEAT'`,
  GIFT: Prisma.sql`'GIFT'`,
};

/** Does a grant of this source count for the account at this moment, whether or not another opens more? */
export const grantedBy = (source: GrantSource, now: Date): Prisma.Sql => Prisma.sql`
  (a.state = 'active' AND a.id IN (SELECT g.account_id FROM grants g
    WHERE g.source = ${SOURCES[source]} AND ${grantHolds(now)}))`;
