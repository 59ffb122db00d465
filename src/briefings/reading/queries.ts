import { canSeeBriefing } from '../../access/briefings';
import type { Matrix } from '../../access/matrix';
import { besidesGift, type Viewer } from '../../access/viewer';
import { loadMatrixNow } from '../../membership/matrix';
import type { TierRow } from '../../membership/tiers';
import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { movedCategory } from '../former-categories';
import { findIds, findPage, loadCards, openTo, type CardRow } from './cards';
import { findCorrections, type CorrectionRow } from '../corrections';
import { countByCategory, placeInList } from './counts';
import type { BriefingContent } from '../content';
import { contentOf, embargoOf, findReadable, whereVisible, readablePassages, type ReadableRow } from './rows';
import { toSlug } from '../vocabulary';

export type { CorrectionRow, TierRow };

/** How many passages of a kind need a rank, counted once across languages. */
export interface PassageCount {
  readonly kind: string;
  readonly rank: number;
  readonly passages: number;
  /** When their kind's tier opens them instead of one of their own; null: no moment is set, or it has come. */
  readonly opensAt: Date | null;
}

const categoryTexts = { texts: true } satisfies Prisma.CategoryInclude;
export type CategoryRow = Prisma.CategoryGetPayload<{ include: typeof categoryTexts }>;

/** A briefing as one viewer may read it, with what a page around it needs. */
export interface ReadBriefing {
  /** Of the briefing, where a working copy of it is read too. */
  readonly id: string;
  /** The number of the revision that it says. */
  readonly revision: number;
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
    const around = await loadMatrixNow(db);
    const { matrix, now } = around;
    const row = await findReadable(db, { slug }, readablePassages(matrix, viewer, now));
    const there = (one: Pick<ReadableRow, 'state' | 'publishedAt' | 'earlyTier' | 'earlyUntil'>) =>
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
    return { briefing: await loadSurroundings(db, viewer, row, around) };
  });
}

/**
 * The briefing that is given to a viewer, as far as the gift opens it; null when it is not there, or no longer. What
 * stands around it is a visitor's.
 */
export function readGiftedAs(wall: Wall, viewer: Viewer): Promise<ReadBriefing | null> {
  const { gift } = viewer;
  if (gift === undefined) return Promise.resolve(null);
  return wall.read(viewer, async (db) => {
    const around = await loadMatrixNow(db);
    const { matrix, now } = around;
    const row = await findReadable(db, { id: gift }, readablePassages(matrix, viewer, now));
    if (!row) return null;
    const facts = { state: row.state, published: row.publishedAt, early: embargoOf(row) };
    return canSeeBriefing(matrix, viewer, facts, now) ? loadSurroundings(db, viewer, row, around) : null;
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
    const around = await loadMatrixNow(db);
    const passages = readablePassages(around.matrix, viewer, around.now);
    const row = await findReadable(db, { id: of.copy?.id ?? id }, passages);
    if (!row) return null;
    const corrections = row.copyOf === null ? row.corrections : await findCorrections(db, row.copyOf);
    const dressed = { ...row, corrections, slug: of.copy?.nextSlug ?? of.slug, publishedAt: of.publishedAt };
    return loadSurroundings(db, viewer, dressed, around, of.slug);
  });
}

async function loadSurroundings(
  db: WallTransaction,
  viewer: Viewer,
  row: ReadableRow,
  { matrix, tiers, now }: Awaited<ReturnType<typeof loadMatrixNow>>,
  ownSlug = row.slug,
): Promise<ReadBriefing> {
  const elsewhere = { categorySlug: row.categorySlug, slug: { not: ownSlug } };
  const [counts, more] = await Promise.all([
    db.$queryRaw<
      { kind: string; rank: number; opens_at: Date | null; passages: number }[]
    >`SELECT kind::text, rank, opens_at, passages FROM wall.gate_counts(${row.id}::uuid)`,
    findIds(db, whereVisible(matrix, besidesGift(viewer), now), elsewhere, MORE),
  ]);
  return {
    id: row.copyOf ?? row.id,
    revision: row.revision,
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
    tiers,
    category: row.category,
    more: await loadCards(db, more),
    corrections: row.corrections,
  };
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
    const [{ total, begins }, open] = await Promise.all([placeInList(db, slug, page, PAGE_SIZE), openTo(db, viewer)]);
    if (!begins) return null;
    const cards = await findPage(db, open, { categorySlug: slug }, begins, PAGE_SIZE);
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
