import type { Viewer } from '../access/viewer';
import { countCards, findCards, findPage, openTo, type CardRow } from '../briefings/reading/cards';
import { placeInList } from '../briefings/reading/counts';
import { findCategories, type CategoryRow } from '../briefings/reading/queries';
import { movedAuthor } from '../briefings/authors';
import { movedOrganizationFor } from '../briefings/organizations';
import { movedCategory } from '../briefings/former-categories';
import type { Wall, WallTransaction } from '../stores/postgres/wall';

/** Entries of one document of a feed; older ones are in the next (RFC 5005, 3). */
export const PAGE_SIZE = 20;

/** A briefing in a feed: its public texts, and when any of them last changed. */
export interface FeedItem {
  readonly card: CardRow;
  /** The lead paragraph in each language that has one. */
  readonly leads: ReadonlyMap<string, string>;
  readonly changed: Date;
}

/** One document of a feed. */
export interface ReadFeed {
  /** Null: all briefings. */
  readonly category: CategoryRow | null;
  /** The organization that all of them are linked to; null: any. */
  readonly organization: { readonly slug: string; readonly name: string } | null;
  /** The author of all of them; null: any. */
  readonly author: { readonly slug: string; readonly name: string } | null;
  readonly items: readonly FeedItem[];
  readonly page: number;
  readonly pages: number;
}

/**
 * The briefings that are there for this viewer, newest first, or those of one category. Null: there is no such
 * category, or no such page.
 */
export function readFeed(
  wall: Wall,
  viewer: Viewer,
  slug: string | null,
  page: number,
): Promise<ReadFeed | { readonly movedTo: string } | null> {
  return wall.read(viewer, async (db) => {
    const [category] = slug === null ? [null] : await findCategories(db, [slug]);
    if (slug !== null && category === undefined) {
      const movedTo = await movedCategory(db, slug);
      return movedTo === null ? null : { movedTo };
    }
    const { total, begins } = await placeInList(db, slug, page, PAGE_SIZE);
    const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
    const of = { category: category ?? null, organization: null, author: null };
    if (!begins) return page === 1 ? { ...of, items: [], page, pages } : null;
    const where = slug === null ? {} : { categorySlug: slug };
    const cards = await findPage(db, await openTo(db, viewer), where, begins, PAGE_SIZE);
    return { ...of, items: await itemsOf(db, cards), page, pages };
  });
}

/**
 * The briefings that name an organization and are there for this viewer, newest first; or where it has moved. Null:
 * there is no such page, or none of this viewer's names it, as on its page.
 */
export function readOrganizationFeed(
  wall: Wall,
  viewer: Viewer,
  slug: string,
  page: number,
): Promise<ReadFeed | { readonly movedTo: string } | null> {
  return wall.read(viewer, async (db) => {
    const organization = await db.organization.findUnique({ where: { slug }, select: { slug: true, name: true } });
    if (!organization) {
      const movedTo = await movedOrganizationFor(db, viewer, slug);
      return movedTo === null ? null : { movedTo };
    }
    const open = await openTo(db, viewer);
    const linked = { organizations: { some: { organizationSlug: slug } } };
    const pages = Math.ceil((await countCards(db, open, linked)) / PAGE_SIZE);
    if (page > pages) return null;
    const cards = await findCards(db, open, linked, PAGE_SIZE, (page - 1) * PAGE_SIZE);
    return { category: null, organization, author: null, items: await itemsOf(db, cards), page, pages };
  });
}

/**
 * The briefings of an author that are there for this viewer, newest first; or where the author has moved. Null: there
 * is no such author, or no such page.
 */
export function readAuthorFeed(
  wall: Wall,
  viewer: Viewer,
  slug: string,
  page: number,
): Promise<ReadFeed | { readonly movedTo: string } | null> {
  return wall.read(viewer, async (db) => {
    const author = await db.author.findUnique({ where: { slug }, select: { slug: true, name: true } });
    if (!author) {
      const movedTo = await movedAuthor(db, slug);
      return movedTo === null ? null : { movedTo };
    }
    const open = await openTo(db, viewer);
    const written = { authors: { some: { authorSlug: slug } } };
    const pages = Math.max(1, Math.ceil((await countCards(db, open, written)) / PAGE_SIZE));
    if (page > pages) return null;
    const cards = await findCards(db, open, written, PAGE_SIZE, (page - 1) * PAGE_SIZE);
    return { category: null, organization: null, author, items: await itemsOf(db, cards), page, pages };
  });
}

async function itemsOf(db: WallTransaction, cards: readonly CardRow[]): Promise<FeedItem[]> {
  const editions = await db.edition.findMany({
    where: { briefingId: { in: cards.map(({ id }) => id) } },
    select: { briefingId: true, lang: true, lead: true },
  });
  return cards.map((card) => ({
    card,
    leads: new Map(
      editions.flatMap(({ briefingId, lang, lead }) => (briefingId === card.id && lead ? [[lang, lead]] : [])),
    ),
    changed: card.updatedAt ?? card.publishedAt!,
  }));
}
