import { visitor } from '../access/viewer';
import { findIds, openTo } from '../briefings/reading/cards';
import { countByCategory, placeInList } from '../briefings/reading/counts';
import { findCategories, type CategoryRow } from '../briefings/reading/queries';
import type { Wall } from '../stores/postgres/wall';

/** A briefing as a program that looks for pages needs it. */
export interface MappedBriefing {
  readonly slug: string;
  readonly changedAt: Date;
  /** Languages it has a title in. */
  readonly langs: readonly string[];
}

/** Briefings in one file of the map: a tenth of what the protocol allows (sitemaps.org). */
export const MAPPED_AT_ONCE = 5_000;

/** How many files the briefings of a visitor take, and which categories and authors have any. */
interface Sections {
  readonly pages: number;
  readonly categories: readonly string[];
  readonly authors: readonly string[];
}

/** What the map is made of besides the briefings themselves. */
export function readSections(wall: Wall): Promise<Sections> {
  return wall.read(visitor, async (db) => {
    const { total } = await placeInList(db, null, 1, MAPPED_AT_ONCE);
    const open = await openTo(db, visitor);
    const authors = await db.author.findMany({
      where: { written: { some: { briefing: open } } },
      select: { slug: true },
      orderBy: { slug: 'asc' },
    });
    return {
      pages: Math.ceil(total / MAPPED_AT_ONCE),
      categories: [...(await countByCategory(db)).keys()].sort(),
      authors: authors.map(({ slug }) => slug),
    };
  });
}

/** The categories that have briefings for a visitor, with their texts. */
export function readCategories(wall: Wall): Promise<readonly CategoryRow[]> {
  return wall.read(visitor, async (db) => findCategories(db, [...(await countByCategory(db)).keys()].sort()));
}

/** One file of briefings, newest first; null when there is none of that number. */
export function readBriefings(wall: Wall, page: number): Promise<MappedBriefing[] | null> {
  return wall.read(visitor, async (db) => {
    const { begins } = await placeInList(db, null, page, MAPPED_AT_ONCE);
    if (!begins) return null;
    const { before, skip } = begins;
    const since = before ? { publishedAt: { lt: before } } : {};
    const ids = await findIds(db, await openTo(db, visitor), since, MAPPED_AT_ONCE, skip);
    const rows = await db.briefing.findMany({
      where: { id: { in: ids } },
      select: {
        ...{ slug: true, publishedAt: true, updatedAt: true },
        editions: { select: { lang: true }, where: { title: { not: null } } },
      },
      orderBy: [{ publishedAt: 'desc' }, { slug: 'asc' }],
    });
    return rows.map(({ slug, publishedAt, updatedAt, editions }) => ({
      slug,
      changedAt: updatedAt ?? publishedAt!,
      langs: editions.map(({ lang }) => lang),
    }));
  });
}
