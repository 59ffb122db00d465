import type { WallTransaction } from '../stores/postgres/wall';

/** Which category has each slug that one had before. */
export async function formerCategories(db: WallTransaction): Promise<ReadonlyMap<string, string>> {
  return new Map((await db.formerCategorySlug.findMany()).map(({ slug, categorySlug }) => [slug, categorySlug]));
}

/** The slug that the category of this one has now, if it is a former one; null otherwise. */
export async function movedCategory(db: WallTransaction, slug: string): Promise<string | null> {
  return (
    (await db.formerCategorySlug.findUnique({ where: { slug }, select: { categorySlug: true } }))?.categorySlug ?? null
  );
}
