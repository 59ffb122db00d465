import { visitor } from '../access/viewer';
import { CachedValue } from '../stores/cached-value';
import type { Wall } from '../stores/postgres/wall';
import { isFreeToJoin } from './tiers';

/** A tier as far as the frame of a page depends on it. */
export interface TierSummary {
  readonly slug: string;
  readonly rank: number;
  /** Its colour: a class `tier-<hue>` of the style sheet. */
  readonly hue: string;
  /** Its sign: a case of views/partials/emblem.ejs. */
  readonly emblem: string;
  /** Is it the one that is free to join? */
  readonly freeToJoin: boolean;
}

/** What a tier looks like that nobody has heard of. */
const UNKNOWN = { hue: 'plain', emblem: 'lozenge' };

async function loadTiers(wall: Wall): Promise<readonly TierSummary[]> {
  const rows = await wall.read(visitor, (db) => db.tier.findMany({ orderBy: { rank: 'asc' } }));
  return rows.map((row) => ({
    slug: row.slug,
    rank: row.rank,
    hue: row.hue,
    emblem: row.emblem,
    freeToJoin: isFreeToJoin(row),
  }));
}

/** The tiers as every page needs them, kept in memory until a change of them is heard of. */
export class TierCatalogue {
  private readonly tiers: CachedValue<readonly TierSummary[]>;

  constructor(wall: Wall) {
    this.tiers = new CachedValue(() => loadTiers(wall), []);
  }

  /** Reads the tiers again where they may have changed (`CachedValue.refresh`). */
  refresh(): Promise<void> {
    return this.tiers.refresh();
  }

  /** They may have changed. */
  invalidate(): void {
    this.tiers.invalidate();
  }

  /** The tier that is free to join; null: there is none. */
  get free(): TierSummary | null {
    return this.tiers.current.find(({ freeToJoin }) => freeToJoin) ?? null;
  }

  /** Its rank; null: there is no such tier. */
  rankOf(slug: string): number | null {
    return this.tiers.current.find((one) => one.slug === slug)?.rank ?? null;
  }

  /** Its colour and its sign; those of a plain tier where there is no such one. */
  lookOf(slug: string): Pick<TierSummary, 'hue' | 'emblem'> {
    return this.tiers.current.find((one) => one.slug === slug) ?? UNKNOWN;
  }
}
