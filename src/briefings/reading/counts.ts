import type { WallTransaction } from '../../stores/postgres/wall';

/**
 * How many briefings there are for this viewer now, by the slugs of their categories; categories without any are not in
 * it. Kept by Postgres, so it costs the same however many there are.
 */
export async function countByCategory(db: WallTransaction): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ category: string; n: number }[]>`
    SELECT category, n FROM wall.count_briefings() WHERE category <> ''`;
  return new Map(rows.map(({ category, n }) => [category, n]));
}

/** A page of a list, before its briefings are read. */
export interface ListPlace {
  /** How many briefings the whole list has for this viewer. */
  readonly total: number;
  /** The page begins after `skip` of those published before that moment (null: of all); null: there is no such page. */
  readonly begins: { readonly before: Date | null; readonly skip: number } | null;
}

/**
 * Where the page of that number (1 is the first) of a list begins, newest first, for this viewer.
 * @param category the slug of one category; null is the list of all briefings
 */
export async function placeInList(
  db: WallTransaction,
  category: string | null,
  page: number,
  size: number,
): Promise<ListPlace> {
  const [row] = await db.$queryRaw<{ total: number; before: Date | null; skip: number | null }[]>`
    SELECT total, before, skip FROM wall.place_in_list(${category ?? ''}, ${(page - 1) * size}::int)`;
  const { total, before, skip } = row!;
  return { total, begins: skip === null ? null : { before, skip } };
}
