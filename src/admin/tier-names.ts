import { textsIn, type Language } from '../lib/language';
import type { WallTransaction } from '../stores/postgres/wall';

/** The tiers, lowest first, with the names a page says. */
export interface TierNames {
  readonly all: readonly {
    readonly slug: string;
    readonly rank: number;
    readonly name: string;
    /** Is it offered to nobody any more? */
    readonly retired: boolean;
    /** Its colour, as in `TierSummary`. */
    readonly hue: string;
  }[];
  readonly nameOf: (slug: string) => string;
  readonly hueOf: (slug: string) => string;
}

/** The tiers with their names in a language. */
export async function nameTiers(db: WallTransaction, { code, firstCode }: Language): Promise<TierNames> {
  const rows = await db.tier.findMany({
    select: { slug: true, rank: true, hue: true, retiredAt: true, texts: { select: { lang: true, name: true } } },
    orderBy: { rank: 'asc' },
  });
  const all = rows.map(({ slug, rank, hue, retiredAt, texts }) => ({
    slug,
    rank,
    hue,
    name: textsIn(texts, code, firstCode)?.name ?? slug,
    retired: retiredAt !== null,
  }));
  const find = (slug: string) => all.find((tier) => tier.slug === slug);
  return { all, nameOf: (slug) => find(slug)?.name ?? slug, hueOf: (slug) => find(slug)?.hue ?? 'plain' };
}
