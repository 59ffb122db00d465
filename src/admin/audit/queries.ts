import type { WallTransaction } from '../../stores/postgres/wall';
import type { whereOf } from './filter';

type Where = ReturnType<typeof whereOf>['where'];

/** Up to `most` entries, the newest first: older than a place, or newer than it. */
export async function listEntries(
  db: WallTransaction,
  where: Where,
  place: { readonly way: 'after' | 'before'; readonly at: Date; readonly id: string } | null,
  most: number,
) {
  const newer = place?.way === 'before';
  const beyond =
    place === null
      ? {}
      : newer
        ? { OR: [{ at: { gt: place.at } }, { at: place.at, id: { gt: place.id } }] }
        : { OR: [{ at: { lt: place.at } }, { at: place.at, id: { lt: place.id } }] };
  const direction = newer ? 'asc' : 'desc';
  const rows = await db.auditEntry.findMany({
    where: { AND: [where, beyond] },
    orderBy: [{ at: direction }, { id: direction }],
    take: most,
  });
  return newer ? rows.reverse() : rows;
}

export type Entry = Awaited<ReturnType<typeof listEntries>>[number];
