import { HIGHEST_RANK, accountsViewer } from '../../access/viewer';
import { listMembers, placeOf, type MemberFilter, type MemberRow } from '../../membership/members';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { TierNames } from '../tier-names';

/** Rows read at a time. */
const BATCH = 1_000;

export const MEMBER_COLUMNS = [
  'id',
  'email',
  'name',
  'language',
  'role',
  'state',
  'verified_at',
  'joined_at',
  'reads',
  'labels',
] as const;

async function labelsOf(db: WallTransaction, members: readonly MemberRow[]): Promise<ReadonlyMap<string, string[]>> {
  const rows = await db.accountLabel.findMany({
    where: { accountId: { in: members.map(({ id }) => id) } },
    orderBy: { label: 'asc' },
  });
  const labels = new Map<string, string[]>();
  for (const { accountId, label } of rows) labels.set(accountId, [...(labels.get(accountId) ?? []), label]);
  return labels;
}

/**
 * The members of a filter, the first to join first, in batches that each take a transaction of their own: a slow reader
 * holds up nothing. Who joins or changes meanwhile may be in it as they were or as they are.
 */
export async function* memberBatches(
  wall: Wall,
  filter: MemberFilter,
  tiers: TierNames,
  now: Date,
): AsyncGenerator<(string | Date | null)[][]> {
  let last: MemberRow | undefined;
  for (;;) {
    const place = last ? placeOf(last, 'oldest', 'after') : null;
    const { rows, labels } = await wall.read(accountsViewer, async (db) => {
      const found = await listMembers(db, filter, 'oldest', place, BATCH, now);
      return { rows: found, labels: await labelsOf(db, found) };
    });
    yield rows.map(({ id, email, name, lang, role, state, verifiedAt, createdAt, rank }) => [
      id,
      email,
      name,
      lang,
      role,
      state,
      verifiedAt,
      createdAt,
      rank === HIGHEST_RANK ? 'everything' : (tiers.all.find((tier) => tier.rank === rank)?.slug ?? 'public'),
      labels.get(id)?.join(', ') ?? '',
    ]);
    last = rows.at(-1);
    if (rows.length < BATCH) return;
  }
}
