import { createHash } from 'node:crypto';
import { movedCategory } from '../../briefings/former-categories';
import { findCategories, type CategoryRow } from '../../briefings/reading/queries';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { CategoryInput, CategoryErrors } from './forms';

/** The category that has this slug, or had it; null when there is none. */
export async function findCategory(db: WallTransaction, slug: string): Promise<CategoryRow | null> {
  return db.category.findUnique({ where: { slug: (await movedCategory(db, slug)) ?? slug }, include: { texts: true } });
}

/**
 * How many briefings stand in each category, as the list of the desk counts them: by the working copy where there is
 * one.
 */
export async function countBriefings(db: WallTransaction): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ slug: string; n: number }[]>`
    SELECT coalesce(c.category_slug, b.category_slug) AS slug, count(*)::int AS n
    FROM briefings b LEFT JOIN briefings c ON c.copy_of = b.id WHERE b.copy_of IS NULL GROUP BY 1`;
  return new Map(rows.map(({ slug, n }) => [slug, n]));
}

/** Titles said of a category's briefings; the rest is a number. */
const NAMED = 5;

/**
 * What keeps a category: the briefings in it, by what readers have or by their working copy. How many, and the first
 * few.
 */
export async function usersOf(db: WallTransaction, slug: string) {
  const where = { copyOf: null, OR: [{ categorySlug: slug }, { copy: { categorySlug: slug } }] };
  return {
    count: await db.briefing.count({ where }),
    first: await db.briefing.findMany({
      where,
      take: NAMED,
      orderBy: { slug: 'asc' },
      select: { id: true, slug: true, originalLang: true, editions: { select: { lang: true, title: true } } },
    }),
  };
}

/** A category's address and words, in the languages its form speaks. */
export function wishOf({ slug, texts }: CategoryRow, langs: readonly string[]): CategoryInput {
  return {
    slug,
    words: Object.fromEntries(
      langs.flatMap((lang) =>
        texts.filter((one) => one.lang === lang).map(({ name, description }) => [lang, { name, description }]),
      ),
    ),
  };
}

/** Stands in a form for what it has shown: where it is another by now, nothing is overwritten unasked. */
export function markOf(row: CategoryRow, langs: readonly string[]): string {
  const { slug, words } = wishOf(row, langs);
  return createHash('sha256')
    .update(JSON.stringify([slug, langs.map((lang) => [words[lang]?.name, words[lang]?.description])]))
    .digest('base64url')
    .slice(0, 22);
}

/** What of an input another category has: its address, now or before, or a name in the same language. */
export async function takenOf(
  db: WallTransaction,
  { slug, words }: CategoryInput,
  own: string | null,
): Promise<CategoryErrors> {
  const others = (await findCategories(db)).filter((one) => one.slug !== own);
  const holder = (await movedCategory(db, slug)) ?? slug;
  const wrong: [string, string][] = [
    ...(others.some((one) => one.slug === holder)
      ? [['slug', 'desk.category.wrong.slug.taken'] satisfies [string, string]]
      : []),
    ...Object.entries(words)
      .filter(([lang, { name }]) =>
        others.some(({ texts }) =>
          texts.some((text) => text.lang === lang && text.name.toLowerCase() === name.toLowerCase()),
        ),
      )
      .map(([lang]): [string, string] => [`name.${lang}`, 'desk.category.wrong.name.taken']),
  ];
  return Object.fromEntries(wrong);
}
