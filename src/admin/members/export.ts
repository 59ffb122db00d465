import { HIGHEST_RANK, accountsViewer } from '../../access/viewer';
import { listMembers, placeOf, type MemberFilter, type MemberRow } from '../../membership/members';
import type { Wall } from '../../stores/postgres/wall';
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
] as const;

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
    const rows = await wall.read(accountsViewer, (db) => listMembers(db, filter, 'oldest', place, BATCH, now));
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
    ]);
    last = rows.at(-1);
    if (rows.length < BATCH) return;
  }
}
