import type { Viewer } from '../access/viewer';
import { movedAuthor } from '../briefings/authors';
import { countCards, findCards, openTo, type CardRow } from '../briefings/reading/cards';
import { wholeAuthor, type AuthorRow } from '../briefings/author-rows';
import type { Wall } from '../stores/postgres/wall';

export interface ReadAuthor {
  readonly author: AuthorRow;
  readonly cards: readonly CardRow[];
  readonly count: number;
  readonly page: number;
  readonly pages: number;
}

const PAGE_SIZE = 12;

/** One page of an author, where they have moved, or null when there is no such author or no such page. */
export function readAuthor(
  wall: Wall,
  viewer: Viewer,
  slug: string,
  page: number,
): Promise<ReadAuthor | { readonly movedTo: string } | null> {
  return wall.read(viewer, async (db) => {
    const author = await db.author.findUnique({ where: { slug }, include: wholeAuthor });
    if (!author) {
      const movedTo = await movedAuthor(db, slug);
      return movedTo === null ? null : { movedTo };
    }
    const open = await openTo(db, viewer);
    const written = { authors: { some: { authorSlug: slug } } };
    const count = await countCards(db, open, written);
    const pages = Math.max(1, Math.ceil(count / PAGE_SIZE));
    if (page > pages) return null;
    const cards = await findCards(db, open, written, PAGE_SIZE, (page - 1) * PAGE_SIZE);
    return { author, cards, count, page, pages };
  });
}
