import type { WallTransaction } from '../stores/postgres/wall';
import type { AuthorContent, BriefingContent } from './content';

/** Characters of the line an author has in each language, of a link, and how many links there may be. */
export const AUTHOR_LONGEST = { line: 300, link: 500, links: 10 } as const;

/** Which author has each slug that one had before. */
export async function formerAuthors(db: WallTransaction): Promise<ReadonlyMap<string, string>> {
  return new Map((await db.formerAuthorSlug.findMany()).map(({ slug, authorSlug }) => [slug, authorSlug]));
}

/** The slug that the author of this one has now, if it is a former one; null otherwise. */
export async function movedAuthor(db: WallTransaction, slug: string): Promise<string | null> {
  return (await db.formerAuthorSlug.findUnique({ where: { slug }, select: { authorSlug: true } }))?.authorSlug ?? null;
}

/** The names of all authors by their slugs, in the order of their names. */
export async function authorNames(db: WallTransaction): Promise<ReadonlyMap<string, string>> {
  const rows = await db.author.findMany({
    select: { slug: true, name: true },
    orderBy: [{ name: 'asc' }, { slug: 'asc' }],
  });
  return new Map(rows.map(({ slug, name }) => [slug, name]));
}

/** Authors that were kept some time ago, each under the slug they have now, and once. */
export function withoutFormer(
  authors: readonly AuthorContent[],
  former: ReadonlyMap<string, string>,
): readonly AuthorContent[] {
  const now = authors.map(({ key, name }) => ({ key: former.get(key) ?? key, name }));
  return now.filter(({ key }, index) => now.findIndex((one) => one.key === key) === index);
}

/** Writes who wrote a briefing. Those whom nobody knows yet are made, with nothing but their names. */
export async function saveAuthors(
  db: WallTransaction,
  briefingId: string,
  { authors }: Pick<BriefingContent, 'authors'>,
): Promise<void> {
  await db.author.createMany({ data: authors.map(({ key, name }) => ({ slug: key, name })), skipDuplicates: true });
  await db.briefingAuthor.deleteMany({ where: { briefingId } });
  await db.briefingAuthor.createMany({
    data: authors.map(({ key }, position) => ({ briefingId, authorSlug: key, position })),
  });
}
