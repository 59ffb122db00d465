import { editorialViewer } from '../../access/viewer';
import type { CategoryAuditAction } from '../../briefings/writing/audit-actions';
import { findCategories, type CategoryRow } from '../../briefings/reading/queries';
import { lockBriefings } from '../../briefings/writing/save-revision';
import { notFound } from '../../lib/failure';
import type { ActorAt } from '../../membership/actor';
import { writeAudit, type Facts } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { DeskParts } from '../parts';
import type { CategoryInput, CategoryErrors } from './forms';
import { findCategory, markOf, takenOf, usersOf, wishOf } from './queries';

/** What became of a form: done, another category has what it asks for, or what it has shown is not what stands. */
export type CategoryOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'taken'; readonly wrong: CategoryErrors }
  | { readonly outcome: 'moved'; readonly row: CategoryRow };

const DONE = { outcome: 'done' } as const;

/** Makes a category, the last in the order. Sent again under the same `once` it is made already. */
export function makeCategory(
  { invalidatingWall, clock, site }: DeskParts,
  options: CategoryInput,
  once: string,
  by: ActorAt,
): Promise<CategoryOutcome> {
  return invalidatingWall.write(editorialViewer, async (db): Promise<CategoryOutcome> => {
    await lockBriefings(db);
    const wrong = await takenOf(db, options, null);
    if (Object.keys(wrong).length > 0) return { outcome: 'taken', wrong };
    const {
      _max: { position },
    } = await db.category.aggregate({ _max: { position: true } });
    await db.category.create({ data: { slug: options.slug, position: (position ?? -1) + 1 }, select: { slug: true } });
    await writeWords(db, options);
    await noted(db, by, clock.now(), 'category-made', options.slug, {
      id: once,
      after: factsOf(options, langsOf(site)),
    });
    return DONE;
  });
}

/**
 * Gives a category other words or another address; the one it had leads on to it. `seen` is the mark of what was looked
 * at.
 * @throws Failure 404 when there is no such category.
 */
export function changeCategory(
  { invalidatingWall, clock, site }: DeskParts,
  slug: string,
  options: CategoryInput,
  seen: string,
  by: ActorAt,
): Promise<CategoryOutcome> {
  const langs = langsOf(site);
  return invalidatingWall.write(editorialViewer, async (db): Promise<CategoryOutcome> => {
    await lockBriefings(db);
    const row = await findCategory(db, slug);
    if (!row) throw notFound('category');
    const [before, after] = [factsOf(wishOf(row, langs), langs), factsOf(options, langs)];
    const changed = Object.keys(after).filter((name) => before[name] !== after[name]);
    if (changed.length === 0) return DONE;
    if (markOf(row, langs) !== seen) return { outcome: 'moved', row };
    const wrong = await takenOf(db, options, row.slug);
    if (Object.keys(wrong).length > 0) return { outcome: 'taken', wrong };
    if (options.slug !== row.slug) await rename(db, row.slug, options.slug);
    await db.categoryText.deleteMany({ where: { categorySlug: options.slug, lang: { in: langs } } });
    await writeWords(db, options);
    const only = (facts: Facts) => Object.fromEntries(changed.map((name) => [name, facts[name]!]));
    await noted(db, by, clock.now(), 'category-changed', options.slug, { before: only(before), after: only(after) });
    return DONE;
  });
}

/**
 * Puts a category directly before or after another one. Where it stands there already, or the other is gone, nothing is
 * done. @throws Failure 404 when there is no such category.
 */
export function moveCategory(
  { invalidatingWall, clock }: DeskParts,
  slug: string,
  to: { readonly before: string } | { readonly after: string },
  by: ActorAt,
): Promise<void> {
  return invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
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

/**
 * Deletes a category that no briefing is in, with the addresses it had. `seen` as above. @throws Failure 404 when there
 * is no such category.
 */
export function deleteCategory(
  { invalidatingWall, clock, site }: DeskParts,
  slug: string,
  seen: string,
  by: ActorAt,
): Promise<'done' | 'used' | 'moved'> {
  const langs = langsOf(site);
  return invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
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
async function rename(db: WallTransaction, from: string, to: string): Promise<void> {
  await db.formerCategorySlug.deleteMany({ where: { slug: to } });
  await db.category.update({ where: { slug: from }, data: { slug: to }, select: { slug: true } });
  await db.formerCategorySlug.create({ data: { slug: from, categorySlug: to }, select: { slug: true } });
}

const writeWords = (db: WallTransaction, { slug, words }: CategoryInput) =>
  db.categoryText.createMany({
    data: Object.entries(words).map(([lang, { name, description }]) => ({
      categorySlug: slug,
      lang,
      name,
      description,
    })),
  });

const langsOf = ({ languages }: DeskParts['site']) => languages.all.map(({ code }) => code);

const factsOf = ({ slug, words }: CategoryInput, langs: readonly string[]): Facts => ({
  slug,
  ...Object.fromEntries(
    langs.flatMap((lang) => [
      [`category-name.${lang}`, words[lang]?.name ?? null],
      [`category-description.${lang}`, words[lang]?.description ?? null],
    ]),
  ),
});

const noted = (
  db: WallTransaction,
  by: ActorAt,
  at: Date,
  action: CategoryAuditAction,
  slug: string,
  facts: { readonly id?: string; readonly before?: Facts; readonly after?: Facts },
): Promise<boolean> =>
  writeAudit(db, { ...by, ...facts, at, action, target: { kind: 'category', id: slug, name: slug } });
