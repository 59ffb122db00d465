import type { Viewer } from '../../access/viewer';
import { findTiers, isFreeToJoin } from '../../membership/tiers';
import type { Prisma } from '../../stores/prisma/client';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { findIds, loadCards, openTo, type CardRow } from '../reading/cards';
import { countByCategory } from '../reading/counts';
import { findCategories, type CategoryRow, type TierRow } from '../reading/queries';

/** A category on the front page. */
export interface FrontShelf {
  readonly category: CategoryRow;
  readonly cards: readonly CardRow[];
  /** How many there are in it. */
  readonly count: number;
}

export interface ReadFront {
  readonly lead: CardRow | null;
  /** How many passages of it the viewer does not read yet. */
  readonly locked: number;
  readonly latest: readonly CardRow[];
  readonly shelves: readonly FrontShelf[];
  /** The categories after those, each with its first card alone. */
  readonly others: readonly FrontShelf[];
  /** The tier that is free to join; null for whoever reads more than everybody does. */
  readonly invitation: TierRow | null;
}

const LATEST = 5;
/** Categories that get a shelf of their own, and the cards on one. */
const SHELVES = 4;
const PER_SHELF = 3;

/** What the desk has said of the front page. */
async function loadPlaces(db: WallTransaction) {
  const rows = await db.frontPlace.findMany({ orderBy: [{ position: 'asc' }, { briefingId: 'asc' }] });
  const at = (place: string) => rows.filter((row) => row.place === place).map(({ briefingId }) => briefingId);
  return { lead: at('lead')[0] ?? null, first: at('shelf'), hidden: at('hidden') };
}

/**
 * What leads, the newest, and the newest of each category that has any; before these come those the desk has put first.
 * @param only the code of a language: briefings with a title in it alone
 */
export function readFront(wall: Wall, viewer: Viewer, only: string | null = null): Promise<ReadFront> {
  return wall.read(viewer, async (db) => {
    const open = await openTo(db, viewer);
    const places = await loadPlaces(db);
    const wanted: Prisma.BriefingWhereInput = only ? { editions: { some: { lang: only, title: { not: null } } } } : {};
    const find = (where: Prisma.BriefingWhereInput, take: number) =>
      take === 0 ? [] : findIds(db, open, { ...wanted, ...where }, take);
    const [pinned] = places.lead === null ? [] : await find({ id: places.lead }, 1);
    const newest = await find({ id: { notIn: places.hidden } }, LATEST + 1);
    const lead = pinned ?? newest[0];
    const latest = newest.filter((id) => id !== lead).slice(0, LATEST);
    const left = [...places.hidden, ...(lead === undefined ? [] : [lead])];

    const counts = await countByCategory(db);
    const found: { category: CategoryRow; ids: string[] }[] = [];
    for (const category of await findCategories(db, [...counts.keys()])) {
      const take = found.length < SHELVES ? PER_SHELF : 1;
      const categorySlug = category.slug;
      const ranked = places.first.filter((id) => !left.includes(id));
      const there = ranked.length === 0 ? [] : await find({ categorySlug, id: { in: ranked } }, ranked.length);
      const first = ranked.filter((id) => there.includes(id)).slice(0, take);
      const rest = await find({ categorySlug, id: { notIn: [...left, ...first] } }, take - first.length);
      if (first.length + rest.length > 0) found.push({ category, ids: [...first, ...rest] });
    }
    const ids = [...(lead === undefined ? [] : [lead]), ...latest, ...found.flatMap((one) => one.ids)];
    const cardOf = new Map((await loadCards(db, [...new Set(ids)])).map((row) => [row.id, row]));
    const shelves = found.map((one): FrontShelf => ({
      category: one.category,
      cards: one.ids.flatMap((id) => cardOf.get(id) ?? []),
      count: counts.get(one.category.slug) ?? 0,
    }));
    return {
      lead: cardOf.get(lead ?? '') ?? null,
      locked: lead === undefined ? 0 : await countLocked(db, viewer, lead),
      latest: latest.flatMap((id) => cardOf.get(id) ?? []),
      shelves: shelves.slice(0, SHELVES),
      others: shelves.slice(SHELVES),
      invitation: viewer.rank > 0 ? null : ((await findTiers(db)).find(isFreeToJoin) ?? null),
    };
  });
}

/** How many passages of a briefing the viewer does not read: of the gates alone. */
async function countLocked(db: WallTransaction, viewer: Viewer, id: string): Promise<number> {
  const rows = await db.$queryRaw<{ rank: number; passages: number }[]>`
    SELECT rank, passages FROM wall.gate_counts(${id}::uuid)`;
  return rows.filter(({ rank }) => rank > viewer.rank).reduce((sum, { passages }) => sum + passages, 0);
}
