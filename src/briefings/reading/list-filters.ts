import type { Viewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { movedCategory } from '../former-categories';
import { countCards, findCards, findPage, openTo, type CardRow } from './cards';
import { placeInList } from './counts';
import { toEnum } from '../vocabulary';

/** What a list may be narrowed to; each that is absent narrows nothing. */
export interface ListFilters {
  readonly category?: string | undefined;
  /** Slug of a content type. */
  readonly type?: string | undefined;
  /** Slug of an impact. */
  readonly impact?: string | undefined;
}

export interface BriefingList {
  readonly cards: readonly CardRow[];
  readonly count: number;
  readonly pages: number;
}

/** One page of all published briefings, newest first, or which of the two asked for is not there. */
export function readList(
  wall: Wall,
  viewer: Viewer,
  { category, type, impact }: ListFilters,
  page: number,
  size: number,
): Promise<BriefingList | 'no such category' | 'no such page'> {
  return wall.read(viewer, async (db) => {
    const categorySlug = category && ((await movedCategory(db, category)) ?? category);
    if (categorySlug !== undefined && (await db.category.count({ where: { slug: categorySlug } })) === 0)
      return 'no such category';
    const where = {
      ...(categorySlug && { categorySlug }),
      ...(type && { type: toEnum(type) }),
      ...(impact && { impact: toEnum(impact) }),
    };
    const open = await openTo(db, viewer);
    // Of these counts are kept; of what is narrowed further none are, and it is counted.
    if (type === undefined && impact === undefined) {
      const { total, begins } = await placeInList(db, categorySlug ?? null, page, size);
      if (!begins) return 'no such page';
      const cards = await findPage(db, open, where, begins, size);
      return { cards, count: total, pages: Math.max(1, Math.ceil(total / size)) };
    }
    const count = await countCards(db, open, where);
    const pages = Math.max(1, Math.ceil(count / size));
    if (page > pages) return 'no such page';
    return { cards: await findCards(db, open, where, size, (page - 1) * size), count, pages };
  });
}
