import { resolveAccess } from '../access/account-access';
import { giftRank, giftState, type GiftState } from '../access/gifts';
import { accountsViewer, giftViewer, type Viewer } from '../access/viewer';
import { hashOfGiftToken } from '../accounts/credentials/api-tokens';
import type { Clock } from '../lib/clock';
import { notFound } from '../lib/failure';
import type { AccountCache } from '../membership/account-cache';
import { findTiers } from '../membership/tiers';
import type { Wall } from '../stores/postgres/wall';
import { withinLimit } from '../http/too-many-requests';
import type { GiftLimits } from './limits';

export interface GiftLookup {
  readonly wall: Wall;
  readonly accounts: AccountCache;
  readonly clock: Clock;
  /** What grants go by: the clock of payments, which the sandbox moves. */
  readonly entitlements: Clock;
  readonly limits: GiftLimits;
}

/** A gift link as it stands at this request. */
export interface FoundGift {
  readonly id: string;
  readonly briefingId: string;
  readonly expiresAt: Date;
  /** The giver's name, where they chose that it is said. */
  readonly giver: string | null;
  readonly state: GiftState;
  /** Who reads by it. */
  readonly viewer: Viewer;
}

/**
 * The gift of a token. Its row is asked for each time, so that a revocation is in force at once; how far its giver
 * reads is decided anew.
 * @throws Failure 404 for a token that nobody made; 429 to whoever tries many, or opens one very often.
 */
export async function findGift(
  { wall, accounts, clock, entitlements, limits }: GiftLookup,
  token: string,
  network: string,
): Promise<FoundGift> {
  const hash = hashOfGiftToken(token);
  if (hash === null) throw notFound('gift');
  await withinLimit(limits.unknown.take(network, null), 'unknown gifts');
  const [row, tiers] = await wall.read(accountsViewer, async (db) => [
    await db.giftLink.findUnique({
      where: { hash },
      select: { id: true, accountId: true, briefingId: true, named: true, expiresAt: true, revokedAt: true },
    }),
    await findTiers(db),
  ]);
  const giver = row && (await accounts.load(row.accountId));
  if (!row || !giver) throw notFound('gift');
  await limits.unknown.giveBack(network);
  await withinLimit(limits.reads.take(row.id, null), 'readings of a gift');
  const giverRank = giver.facts.state === 'active' ? resolveAccess(giver.facts, tiers, entitlements.now()).rank : null;
  const state = giftState({ ...row, giverRank }, tiers, clock.now());
  const rank = state === 'open' ? giftRank(giverRank ?? 0, tiers) : 0;
  return {
    id: row.id,
    briefingId: row.briefingId,
    expiresAt: row.expiresAt,
    giver: row.named ? giver.name : null,
    state,
    viewer: giftViewer(row.briefingId, rank),
  };
}
