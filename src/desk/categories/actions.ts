import { desk } from '../../access/viewer';
import type { CategoryDeed } from '../../briefings/writing/audit-actions';
import { findCategories, type CategoryRow } from '../../briefings/reading/queries';
import { awaitTurn } from '../../briefings/writing/save';
import { notFound } from '../../lib/failure';
import type { By } from '../../membership/actor';
import { audited, type Facts } from '../../stores/postgres/audit';
import type { Behind } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';
import type { CategoryWish, Wrong } from './forms';
import { findCategory, markOf, takenOf, usersOf, wishOf } from './queries';

/** What became of a form: done, another category has what it asks for, or what it has shown is not what stands. */
export type Outcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'taken'; readonly wrong: Wrong }
  | { readonly outcome: 'moved'; readonly row: CategoryRow };

const DONE = { outcome: 'done' } as const;

/** Makes a category, the last in the order. Sent again under the same `once` it is made already. */
export function makeCategory(
  { outward, clock, house }: DeskParts,
  wish: CategoryWish,
  once: string,
  by: By,
): Promise<Outcome> {
  return outward.write(desk, async (db): Promise<Outcome> => {
    await awaitTurn(db);
    const wrong = await takenOf(db, wish, null);
    if (Object.keys(wrong).length > 0) return { outcome: 'taken', wrong };
    const {
      _max: { position },
    } = await db.category.aggregate({ _max: { position: true } });
    await db.category.create({ data: { slug: wish.slug, position: (position ?? -1) + 1 }, select: { slug: true } });
    await writeWords(db, wish);
    await noted(db, by, clock.now(), 'category-made', wish.slug, { id: once, after: factsOf(wish, langsOf(house)) });
    return DONE;
  });
}

/**
 * Gives a category other words or another address; the one it had leads on to it. `seen` is the mark of what was looked at.
 * @throws Failure 404 when there is no such category.
 */
export function changeCategory(
  { outward, clock, house }: DeskParts,
  slug: string,
  wish: CategoryWish,
  seen: string,
  by: By,
): Promise<Outcome> {
  const langs = langsOf(house);
  return outward.write(desk, async (db): Promise<Outcome> => {
    await awaitTurn(db);
    const row = await findCategory(db, slug);
    if (!row) throw notFound('category');
    const [before, after] = [factsOf(wishOf(row, langs), langs), factsOf(wish, langs)];
    const changed = Object.keys(after).filter((name) => before[name] !== after[name]);
    if (changed.length === 0) return DONE;
    if (markOf(row, langs) !== seen) return { outcome: 'moved', row };
    const wrong = await takenOf(db, wish, row.slug);
    if (Object.keys(wrong).length > 0) return { outcome: 'taken', wrong };
    if (wish.slug !== row.slug) await rename(db, row.slug, wish.slug);
    await db.categoryText.deleteMany({ where: { categorySlug: wish.slug, lang: { in: langs } } });
    await writeWords(db, wish);
    const only = (facts: Facts) => Object.fromEntries(changed.map((name) => [name, facts[name]!]));
    await noted(db, by, clock.now(), 'category-changed', wish.slug, { before: only(before), after: only(after) });
    return DONE;
  });
}

/** Puts a category directly before or after another one. Where it stands there already, or the other is gone, nothing is done. @throws Failure 404 when there is no such category. */
export function moveCategory(
  { outward, clock }: DeskParts,
  slug: string,
  to: { readonly before: string } | { readonly after: string },
  by: By,
): Promise<void> {
  return outward.write(desk, async (db) => {
    await awaitTurn(db);
    const order = (await findCategories(db)).map((one) => one.slug);
    const from = order.indexOf(slug);
    if (from < 0) throw notFound('category');
    const others = order.filter((one) => one !== slug);
    const neighbour = others.indexOf('before' in to ? to.before : to.after);
    const place = 'before' in to ? neighbour : neighbour + 1;
    if (neighbour < 0 || place === from) return;
    for (const [position, one] of others.toSpliced(place, 0, slug).entries())
      await db.category.update({ where: { slug: one }, data: { position }, select: { slug: true } });
    await noted(db, by, clock.now(), 'category-moved', slug, {
      before: { place: from + 1 },
      after: { place: place + 1 },
    });
  });
}

/** Deletes a category that no briefing is in, with the addresses it had. `seen` as above. @throws Failure 404 when there is no such category. */
export function deleteCategory(
  { outward, clock, house }: DeskParts,
  slug: string,
  seen: string,
  by: By,
): Promise<'done' | 'used' | 'moved'> {
  const langs = langsOf(house);
  return outward.write(desk, async (db) => {
    await awaitTurn(db);
    const row = await findCategory(db, slug);
    if (!row) throw notFound('category');
    if ((await usersOf(db, row.slug)).count > 0) return 'used';
    if (markOf(row, langs) !== seen) return 'moved';
    await db.category.delete({ where: { slug: row.slug }, select: { slug: true } });
    await noted(db, by, clock.now(), 'category-deleted', row.slug, { before: factsOf(wishOf(row, langs), langs) });
    return 'done';
  });
}

/** Briefings and words follow by their foreign keys. Back at an address it had, it has had that one no longer. */
async function rename(db: Behind, from: string, to: string): Promise<void> {
  await db.formerCategorySlug.deleteMany({ where: { slug: to } });
  await db.category.update({ where: { slug: from }, data: { slug: to }, select: { slug: true } });
  await db.formerCategorySlug.create({ data: { slug: from, categorySlug: to }, select: { slug: true } });
}

const writeWords = (db: Behind, { slug, words }: CategoryWish) =>
  db.categoryText.createMany({
    data: Object.entries(words).map(([lang, { name, description }]) => ({
      categorySlug: slug,
      lang,
      name,
      description,
    })),
  });

const langsOf = ({ languages }: DeskParts['house']) => languages.all.map(({ code }) => code);

const factsOf = ({ slug, words }: CategoryWish, langs: readonly string[]): Facts => ({
  slug,
  ...Object.fromEntries(
    langs.flatMap((lang) => [
      [`category-name.${lang}`, words[lang]?.name ?? null],
      [`category-description.${lang}`, words[lang]?.description ?? null],
    ]),
  ),
});

const noted = (
  db: Behind,
  by: By,
  at: Date,
  action: CategoryDeed,
  slug: string,
  facts: { readonly id?: string; readonly before?: Facts; readonly after?: Facts },
): Promise<boolean> => audited(db, { ...by, ...facts, at, action, target: { kind: 'category', id: slug, name: slug } });
