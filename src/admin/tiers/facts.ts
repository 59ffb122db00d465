import { editorialViewer, accountsViewer } from '../../access/viewer';
import { tallyPublished } from '../../briefings/writing/passages';
import { loadShape } from '../../site/shape/load';
import { CHARGED_STATUSES } from '../../billing/running';
import { loadMatrix } from '../../membership/matrix';
import { countByTiers } from '../../membership/tier-holders';
import { findTiers } from '../../membership/tiers';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { TierFacts } from './actions/action';

/** What the order of the tiers rests on, as it is now. As somebody who may read every passage. */
export async function readOrder(
  db: WallTransaction,
  now: Date,
): Promise<Pick<TierFacts, 'shape' | 'tiers' | 'matrix' | 'tallies' | 'now'>> {
  const matrix = await loadMatrix(db);
  const tallies = await tallyPublished(db, Object.keys(matrix.opens));
  return { shape: await loadShape(db), tiers: await findTiers(db), matrix, tallies, now };
}

/** Everything that is asked before a tier is changed. */
export async function readTierFacts(wall: Wall, now: Date): Promise<TierFacts> {
  const held = await wall.read(accountsViewer, async (db) => ({
    holders: await countByTiers(db, now),
    subscriptions: await countSubscriptions(db),
    used: new Set((await findUsed(db)).map(({ slug }) => slug)),
  }));
  const named = await wall.read(editorialViewer, async (db) => ({
    ...(await readOrder(db, now)),
    used: (await findNamed(db)).map(({ slug }) => slug),
  }));
  return { ...named, ...held, used: new Set([...held.used, ...named.used]) };
}

async function countSubscriptions(db: WallTransaction): Promise<ReadonlyMap<string, number>> {
  const rows = await db.subscription.groupBy({
    by: ['tierSlug'],
    where: { status: { in: [...CHARGED_STATUSES] }, tierSlug: { not: null } },
    _count: true,
  });
  return new Map(rows.map(({ tierSlug, _count: n }) => [tierSlug!, n]));
}

/** Tiers that somebody holds or held, or that were sold. */
const findUsed = (db: WallTransaction): Promise<{ slug: string }[]> =>
  db.$queryRaw`
    SELECT t.slug FROM tiers t
    WHERE EXISTS (SELECT FROM grants g WHERE g.tier_slug = t.slug)
      OR EXISTS (SELECT FROM prices p WHERE p.tier_slug = t.slug)
      OR EXISTS (SELECT FROM subscriptions s WHERE s.tier_slug = t.slug)
      OR EXISTS (SELECT FROM revenue_spans r WHERE r.tier_slug = t.slug)`;

/** Tiers that the matrix, a passage or a briefing names. */
const findNamed = (db: WallTransaction): Promise<{ slug: string }[]> =>
  db.$queryRaw`
    SELECT t.slug FROM tiers t
    WHERE EXISTS (SELECT FROM gates g WHERE g.tier_slug = t.slug)
      OR EXISTS (SELECT FROM passages p WHERE p.tier_slug = t.slug)
      OR EXISTS (SELECT FROM briefings b WHERE b.early_tier_slug = t.slug)
      OR EXISTS (SELECT FROM gate_counts c WHERE c.tier_slug = t.slug)`;
