import { findCategories, type CategoryRow } from '../../briefings/reading/queries';
import { movedCategory } from '../../briefings/former-categories';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { RecordErrors } from '../records/forms';
import { findUsers } from '../records/queries';
import type { RecordKind } from '../records/record';
import type { CategoryInput } from './forms';

/** A category, as the desk keeps it. A new one comes last in the order. */
export const categoryKind: RecordKind<CategoryRow, CategoryInput> = {
  name: 'category',
  find: async (db, slug) =>
    db.category.findUnique({ where: { slug: (await movedCategory(db, slug)) ?? slug }, include: { texts: true } }),
  inputOf: ({ slug, texts }, langs) => ({
    slug,
    words: Object.fromEntries(
      texts
        .filter(({ lang }) => langs.includes(lang))
        .map(({ lang, name, description }) => [lang, { name, description }]),
    ),
  }),
  factsOf: ({ slug, words }, langs) => ({
    slug,
    ...Object.fromEntries(
      langs.flatMap((lang) => [
        [`category-name.${lang}`, words[lang]?.name ?? null],
        [`category-description.${lang}`, words[lang]?.description ?? null],
      ]),
    ),
  }),
  nameOf: ({ slug }) => slug,
  takenOf,
  usersOf: (db, categorySlug) => findUsers(db, { categorySlug }),
  create: async (db, input) => {
    const { _max } = await db.category.aggregate({ _max: { position: true } });
    const data = { slug: input.slug, position: (_max.position ?? -1) + 1 };
    await db.category.create({ data, select: { slug: true } });
    await writeTexts(db, input);
  },
  update: async (db, row, input, langs) => {
    if (input.slug !== row.slug) await rename(db, row.slug, input.slug);
    await db.categoryText.deleteMany({ where: { categorySlug: input.slug, lang: { in: [...langs] } } });
    await writeTexts(db, input);
  },
  delete: async (db, { slug }) => void (await db.category.delete({ where: { slug }, select: { slug: true } })),
};

/** What of an input another category has: its address, now or before, or a name in the same language. */
async function takenOf(db: WallTransaction, { slug, words }: CategoryInput, own: string | null): Promise<RecordErrors> {
  const others = (await findCategories(db)).filter((one) => one.slug !== own);
  const holder = (await movedCategory(db, slug)) ?? slug;
  const isTaken = (lang: string, name: string) =>
    others.some(({ texts }) =>
      texts.some((text) => text.lang === lang && text.name.toLowerCase() === name.toLowerCase()),
    );
  const names = Object.entries(words)
    .filter(([lang, { name }]) => isTaken(lang, name))
    .map(([lang]) => [`name.${lang}`, 'desk.category.wrong.name.taken']);
  return {
    ...(others.some((one) => one.slug === holder) ? { slug: 'desk.category.wrong.slug.taken' } : {}),
    ...(Object.fromEntries(names) as RecordErrors),
  };
}

/** Briefings and texts follow by their foreign keys. Back at an address it had, it has had that one no longer. */
async function rename(db: WallTransaction, from: string, to: string): Promise<void> {
  await db.formerCategorySlug.deleteMany({ where: { slug: to } });
  await db.category.update({ where: { slug: from }, data: { slug: to }, select: { slug: true } });
  await db.formerCategorySlug.create({ data: { slug: from, categorySlug: to }, select: { slug: true } });
}

const writeTexts = (db: WallTransaction, { slug, words }: CategoryInput) =>
  db.categoryText.createMany({
    data: Object.entries(words).map(([lang, { name, description }]) => ({
      categorySlug: slug,
      lang,
      name,
      description,
    })),
  });
