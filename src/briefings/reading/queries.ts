import { canSeeBriefing } from '../../access/briefings';
import type { Matrix } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import { loadMatrix } from '../../membership/matrix';
import type { Prisma } from '../../stores/prisma/client';
import { momentOf, type WallTransaction, type Wall } from '../../stores/postgres/wall';
import { movedCategory } from '../former-categories';
import { findCards, findIds, findPage, loadCards, openTo, type CardRow } from './cards';
import { countByCategory, placeInList } from './counts';
import type { BriefingContent } from '../file/content';
import { contentOf, embargoOf, findReadable, whereVisible, readablePassages, type WholeRow } from './rows';
import { toSlug } from '../vocabulary';

/** How many passages of a kind need a rank, counted once across languages. */
export interface PassageCount {
  readonly kind: string;
  readonly rank: number;
  readonly passages: number;
  /** When their kind's tier opens them instead of one of their own; null: no moment is set, or it has come. */
  readonly opensAt: Date | null;
}

const tierTexts = { texts: true } satisfies Prisma.TierInclude;
export type TierRow = Prisma.TierGetPayload<{ include: typeof tierTexts }>;

const categoryTexts = { texts: true } satisfies Prisma.CategoryInclude;
export type CategoryRow = Prisma.CategoryGetPayload<{ include: typeof categoryTexts }>;

const correctionTexts = { texts: true } satisfies Prisma.CorrectionInclude;
export type CorrectionRow = Prisma.CorrectionGetPayload<{ include: typeof correctionTexts }>;

/** A briefing as one viewer may read it, with what a page around it needs. */
export interface ReadBriefing {
  /** Of the briefing, where a working copy of it is read too. */
  readonly id: string;
  readonly content: BriefingContent;
  /** The moment it was read at, by the clock of Postgres. */
  readonly now: Date;
  /** Pixels: the widths that a picture is kept in besides its own, the smallest first; by its id. */
  readonly widths: ReadonlyMap<string, readonly number[]>;
  readonly counts: readonly PassageCount[];
  readonly matrix: Matrix;
  readonly tiers: readonly TierRow[];
  readonly category: CategoryRow;
  readonly more: readonly CardRow[];
  /** Newest first. */
  readonly corrections: readonly CorrectionRow[];
}

/** Found, moved to another slug, or not there for this viewer (which a missing one cannot be told from). */
export type BriefingResult = { readonly briefing: ReadBriefing } | { readonly movedTo: string } | null;

const MORE = 3;

export function readBriefingAs(wall: Wall, viewer: Viewer, slug: string): Promise<BriefingResult> {
  return wall.read(viewer, async (db) => {
    const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
    const row = await findReadable(db, { slug }, readablePassages(matrix, viewer, now));
    const there = (one: Pick<WholeRow, 'state' | 'publishedAt' | 'earlyTier' | 'earlyUntil'>) =>
      canSeeBriefing(matrix, viewer, { state: one.state, published: one.publishedAt, early: embargoOf(one) }, now);
    if (!row) {
      const former = await db.formerSlug.findUnique({
        where: { slug },
        select: {
          briefing: { select: { slug: true, state: true, publishedAt: true, earlyTier: true, earlyUntil: true } },
        },
      });
      return former && there(former.briefing) ? { movedTo: former.briefing.slug } : null;
    }
    if (!there(row)) return null;
    return { briefing: await loadSurroundings(db, viewer, row, matrix, now) };
  });
}

/**
 * What a preview reads: a working copy, or the briefing itself, as this viewer; dressed in the address it is going to
 * have. Null when there is none for this viewer.
 */
export function readCopyAs(wall: Wall, viewer: Viewer, id: string): Promise<ReadBriefing | null> {
  return wall.read(viewer, async (db) => {
    const of = await db.briefing.findFirst({
      where: { id, copyOf: null },
      select: { slug: true, publishedAt: true, copy: { select: { id: true, nextSlug: true } } },
    });
    if (!of) return null;
    const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
    const row = await findReadable(db, { id: of.copy?.id ?? id }, readablePassages(matrix, viewer, now));
    return (
      row &&
      loadSurroundings(
        db,
        viewer,
        { ...row, slug: of.copy?.nextSlug ?? of.slug, publishedAt: of.publishedAt },
        matrix,
        now,
        of.slug,
      )
    );
  });
}

async function loadSurroundings(
  db: WallTransaction,
  viewer: Viewer,
  row: WholeRow,
  matrix: Matrix,
  now: Date,
  ownSlug = row.slug,
): Promise<ReadBriefing> {
  const counts = await db.$queryRaw<
    { kind: string; rank: number; opens_at: Date | null; passages: number }[]
  >`SELECT kind::text, rank, opens_at, passages FROM wall.gate_counts(${row.id}::uuid)`;
  return {
    id: row.copyOf ?? row.id,
    content: contentOf(row),
    counts: counts.map(({ kind, rank, opens_at, passages }) => ({
      kind: toSlug(kind),
      rank,
      passages,
      opensAt: opens_at,
    })),
    now,
    widths: new Map(
      [...(row.cover ? [row.cover] : []), ...row.figures.values()].map(({ id, sizes }) => [
        id,
        sizes.map(({ width }) => width),
      ]),
    ),
    matrix,
    tiers: await db.tier.findMany({ include: tierTexts, orderBy: { rank: 'asc' } }),
    category: await db.category.findUniqueOrThrow({ where: { slug: row.categorySlug }, include: categoryTexts }),
    more: await findCards(
      db,
      whereVisible(matrix, viewer, now),
      { categorySlug: row.categorySlug, slug: { not: ownSlug } },
      MORE,
    ),
    corrections: await db.correction.findMany({
      where: { briefingId: row.copyOf ?? row.id },
      include: correctionTexts,
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    }),
  };
}

export interface ReadFront {
  readonly lead: CardRow | null;
  readonly categories: readonly {
    readonly category: CategoryRow;
    readonly cards: readonly CardRow[];
    readonly count: number;
  }[];
}

const PER_CATEGORY = 4;

/** The newest briefing, then the newest of each category that has any. */
export function readFront(wall: Wall, viewer: Viewer): Promise<ReadFront> {
  return wall.read(viewer, async (db) => {
    const open = await openTo(db, viewer);
    const counts = await countByCategory(db);
    const [first] = await findIds(db, open, {}, 1);
    const found = [];
    for (const category of await findCategories(db, [...counts.keys()])) {
      const where = { categorySlug: category.slug, ...(first !== undefined ? { id: { not: first } } : {}) };
      found.push({ category, ids: await findIds(db, open, where, PER_CATEGORY) });
    }
    const cards = await loadCards(db, [...(first === undefined ? [] : [first]), ...found.flatMap(({ ids }) => ids)]);
    const cardOf = new Map(cards.map((row) => [row.id, row]));
    return {
      lead: cardOf.get(first ?? '') ?? null,
      categories: found
        .filter(({ ids }) => ids.length > 0)
        .map(({ category, ids }) => ({
          category,
          cards: ids.flatMap((id) => cardOf.get(id) ?? []),
          count: counts.get(category.slug) ?? 0,
        })),
    };
  });
}

export const PAGE_SIZE = 12;

export interface ReadCategory {
  readonly category: CategoryRow;
  readonly cards: readonly CardRow[];
  readonly count: number;
  readonly page: number;
  readonly pages: number;
}

/** One page of a category, where it has moved, or null when there is no such category or no such page. */
export function readCategory(
  wall: Wall,
  viewer: Viewer,
  slug: string,
  page: number,
): Promise<ReadCategory | { readonly movedTo: string } | null> {
  return wall.read(viewer, async (db) => {
    const category = await db.category.findUnique({ where: { slug }, include: categoryTexts });
    if (!category) {
      const movedTo = await movedCategory(db, slug);
      return movedTo === null ? null : { movedTo };
    }
    const { total, begins } = await placeInList(db, slug, page, PAGE_SIZE);
    if (!begins) return null;
    const cards = await findPage(db, await openTo(db, viewer), { categorySlug: slug }, begins, PAGE_SIZE);
    return { category, cards, count: total, page, pages: Math.max(1, Math.ceil(total / PAGE_SIZE)) };
  });
}

/**
 * The categories in which there is a briefing for this viewer, in the order of the house. `and`: one that is named
 * whether there is any or not.
 */
export function readCategories(wall: Wall, viewer: Viewer, and: string | null = null): Promise<CategoryRow[]> {
  return wall.read(viewer, async (db) =>
    findCategories(db, [...(await countByCategory(db)).keys(), ...(and === null ? [] : [and])]),
  );
}

/** Every category in the order of the house, as the desk has them; or those of these slugs. */
export function findCategories(db: WallTransaction, slugs?: readonly string[]): Promise<CategoryRow[]> {
  return db.category.findMany({
    ...(slugs && { where: { slug: { in: [...slugs] } } }),
    include: categoryTexts,
    orderBy: [{ position: 'asc' }, { slug: 'asc' }],
  });
}
