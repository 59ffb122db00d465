import type { WallTransaction } from '../../stores/postgres/wall';
import type { Entitlement } from './evaluate-subscription';

/** What became of the grants. */
export interface GrantChanges {
  /** By subscription that has ever opened anything: the tier. */
  readonly opened: ReadonlyMap<string, string>;
  /** Was one made, or given another end or tier? */
  readonly changed: boolean;
}

/**
 * Makes the one grant of each subscription be what it gives: made anew from what was seen each time, and added to
 * never. One that has ended keeps the end it had.
 */
export async function writeGrants(
  db: WallTransaction,
  accountId: string,
  entitlements: readonly Entitlement[],
  now: Date,
): Promise<GrantChanges> {
  const rows = await db.grant.findMany({
    where: { source: 'SUBSCRIPTION', reference: { in: entitlements.map(({ subscription: it }) => it.id) } },
  });
  const before = new Map(rows.map((row) => [row.reference, row]));
  let changed = false;
  for (const { subscription: it, price, access: current } of entitlements) {
    const row = before.get(it.id);
    if (!row && (!current.access || !price)) continue;
    const from = it.startedAt;
    const until = latest(current.access ? current.until : endOf(current.until, row?.until ?? null, now), from);
    const wanted = { accountId, tierSlug: price?.tier ?? row!.tierSlug, from, until };
    if (!row) await db.grant.create({ data: { ...wanted, source: 'SUBSCRIPTION', reference: it.id } });
    else if (
      row.accountId === accountId &&
      row.tierSlug === wanted.tierSlug &&
      +row.from === +from &&
      row.until?.getTime() === until?.getTime()
    )
      continue;
    else await db.grant.update({ where: { id: row.id }, data: wanted });
    changed = true;
  }
  return { opened: new Map(rows.map(({ reference, tierSlug }) => [reference!, tierSlug])), changed };
}

/** Closes every grant of these subscriptions that is still open. */
export async function closeGrants(db: WallTransaction, subscriptions: readonly string[], now: Date): Promise<boolean> {
  const { count } = await db.grant.updateMany({
    where: {
      source: 'SUBSCRIPTION',
      reference: { in: [...subscriptions] },
      OR: [{ until: null }, { until: { gt: now } }],
    },
    data: { until: now },
  });
  return count > 0;
}

/** When access ended: as is known; else as was noted; else now. */
function endOf(known: Date | null, noted: Date | null, now: Date): Date {
  if (known !== null && known <= now) return known;
  return noted !== null && noted <= now ? noted : now;
}

/** A grant ends after it begins, also where what it stands for never had a time. */
const latest = (until: Date | null, from: Date): Date | null => (until !== null && until < from ? from : until);
