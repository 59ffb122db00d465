import { visitor } from '../access/viewer';
import { isUnavailable } from '../stores/unavailable';
import type { Wall } from '../stores/postgres/wall';
import { isPriced } from './tiers';

/** A tier as far as the frame of a page depends on it. */
export interface TierSummary {
  readonly slug: string;
  readonly rank: number;
  /** Its colour: a class `tier-<hue>` of the style sheet. */
  readonly hue: string;
  /** Its sign: a case of views/partials/emblem.ejs. */
  readonly emblem: string;
  /** Has it a price? */
  readonly priced: boolean;
}

/** What a tier looks like that nobody has heard of. */
const UNKNOWN = { hue: 'plain', emblem: 'lozenge' };

/** Milliseconds for which nobody waits for tiers that could not be read again. */
const RETRY = 1_000;

/**
 * The tiers as every page needs them, kept in memory until a change of them is heard of. While Postgres does not answer
 * they are what they were.
 */
export class TierCatalogue {
  private known: readonly TierSummary[] = [];
  private fresh = false;
  private generation = 0;
  private notBefore = 0;
  private loading: Promise<void> | null = null;

  constructor(private readonly wall: Wall) {}

  /**
   * Reads the tiers again where they may have changed; whoever waits for it sees them as they are, or as they were
   * while Postgres does not answer.
   */
  async refresh(): Promise<void> {
    if (this.fresh || (this.loading === null && performance.now() < this.notBefore)) return;
    this.loading ??= this.load().finally(() => (this.loading = null));
    await this.loading;
  }

  private async load(): Promise<void> {
    const begun = this.generation;
    try {
      const rows = await this.wall.read(visitor, (db) => db.tier.findMany({ orderBy: { rank: 'asc' } }));
      this.known = rows.map((row) => ({
        slug: row.slug,
        rank: row.rank,
        hue: row.hue,
        emblem: row.emblem,
        priced: isPriced(row),
      }));
      this.fresh = begun === this.generation;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.notBefore = performance.now() + RETRY;
    }
  }

  /** They may have changed. */
  invalidate(): void {
    this.generation++;
    this.fresh = false;
    this.notBefore = 0;
  }

  /** The tier that is free to join: the lowest above what everybody reads that has no price. Null: there is none. */
  get free(): TierSummary | null {
    return this.known.find(({ rank, priced }) => rank > 0 && !priced) ?? null;
  }

  /** Those that are paid for, lowest first. */
  get paid(): readonly TierSummary[] {
    return this.known.filter(({ priced }) => priced);
  }

  /** Its colour and its sign; those of a plain tier where there is no such one. */
  lookOf(slug: string): Pick<TierSummary, 'hue' | 'emblem'> {
    return this.known.find((one) => one.slug === slug) ?? UNKNOWN;
  }
}
