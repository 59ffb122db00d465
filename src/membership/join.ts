import { visitor } from '../access/viewer';
import type { Language } from '../lib/language';
import { isUnavailable } from '../stores/unavailable';
import type { WallTransaction, Wall } from '../stores/postgres/wall';
import { findTiers, isFreeToJoin, joinLabel, tierTextsIn } from './tiers';

/** The tier that is free to join, as it is offered. */
export interface FreeTier {
  readonly slug: string;
  readonly name: string;
  readonly blurb: string;
  readonly benefits: readonly string[];
  /** The words for joining it. */
  readonly join: string;
  /** What the page says where one joins it. */
  readonly heading: string;
  readonly text: string;
}

const findFree = async (db: WallTransaction) => (await findTiers(db)).find(isFreeToJoin);

/**
 * Lets an account read from now on what is free to join. Granted twice, it is one grant (`grants_joined_once`); where
 * no tier is free there is none.
 */
export async function grantFreeTier(db: WallTransaction, accountId: string, now: Date): Promise<void> {
  const free = await findFree(db);
  if (free)
    await db.grant.createMany({
      data: [{ accountId, tierSlug: free.slug, source: 'JOINED', from: now }],
      skipDuplicates: true,
    });
}

/**
 * The free tier as it is called now; null where there is none, and while Postgres does not answer.
 * @throws whatever else Postgres throws.
 */
export async function describeFreeTier(wall: Wall, language: Language): Promise<FreeTier | null> {
  try {
    const row = await wall.read(visitor, findFree);
    if (!row) return null;
    const texts = tierTextsIn(row, language);
    const join = joinLabel(texts, language);
    return { ...texts, join, heading: texts.joinHeading ?? join, text: texts.joinText ?? texts.blurb };
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}
