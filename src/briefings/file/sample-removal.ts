import { isDeepStrictEqual } from 'node:util';
import { editorialViewer } from '../../access/viewer';
import { findSamplePages, removeSamplePages, type SamplePage } from '../../site/pages/samples';
import type { Actor, AuditDraft } from '../../stores/postgres/audit';
import { writeAudit } from '../../stores/postgres/audit';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { deletePictures, everShown } from '../pictures/queries';
import { contentOf } from '../reading/rows';
import { lockBriefings } from '../writing/lock-briefings';
import { dropCopy } from '../writing/working-copies';
import { categoriesIn, findSampleFiles, samplesThere, type SampleThere } from './samples';

/** What a removal takes, and what it leaves. */
export interface SampleRemoval {
  readonly going: readonly SampleThere[];
  readonly left: readonly SampleThere[];
  /** Slugs of what the samples brought and nothing is in once they are gone. */
  readonly categories: readonly string[];
  readonly organizations: readonly string[];
  /** Pages that came with them: those that go, and those that were changed and stay. */
  readonly pages: readonly SamplePage[];
  readonly leftPages: readonly SamplePage[];
}

export interface SamplesRemoved {
  readonly briefings: readonly string[];
  readonly categories: readonly string[];
  readonly organizations: readonly string[];
  readonly pages: readonly string[];
  /** Changed briefings that were left. */
  readonly left: readonly string[];
}

/**
 * Removes the samples with every trace but the audit log: briefings in any state with their revisions, working copies,
 * former slugs, pictures and counts; then the categories and organizations they brought, where nothing else is in them.
 * All of it or nothing.
 * @param changed whether to take those too that were changed since, or are the publisher's own under a sample's slug.
 */
export function removeSamples(wall: Wall, by: Actor, changed: boolean, now: Date): Promise<SamplesRemoved> {
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    return removePlanned(db, await planRemoval(db, changed), { actor: by }, now);
  });
}

/** What a removal would take at this moment; `changed` as in `removeSamples`. */
export async function planRemoval(db: WallTransaction, changed: boolean): Promise<SampleRemoval> {
  const files = await findSampleFiles();
  const there = await samplesThere(db, files.briefings);
  const going = there.filter(({ untouched }) => untouched || changed);
  const ids = going.flatMap(({ at: { id, copy } }) => [id, ...(copy ? [copy.id] : [])]);
  const named = going.flatMap(({ at }) =>
    [contentOf(at.base), at.content].flatMap(({ organizations }) => organizations.map(({ key }) => key)),
  );
  const others = { none: { briefingId: { notIn: ids } } };
  const organizations = await db.organization.findMany({
    where: { slug: { in: named }, linked: others, notes: others },
    select: { slug: true },
  });
  const pages = await findSamplePages(db);
  const goes = ({ untouched }: SamplePage) => untouched || changed;
  return {
    going,
    pages: pages.filter(goes),
    leftPages: pages.filter((one) => !goes(one)),
    left: there.filter((one) => !going.includes(one)),
    categories: await emptied(db, files.categories, ids),
    organizations: organizations.map(({ slug }) => slug),
  };
}

/** Carries that plan out, in the transaction in which it was made and after `lockBriefings`. */
export async function removePlanned(
  db: WallTransaction,
  { going, left, categories, organizations, pages }: SampleRemoval,
  by: Pick<AuditDraft, 'actor' | 'from'>,
  now: Date,
): Promise<SamplesRemoved> {
  const note = (action: string, target: AuditDraft['target'], after: AuditDraft['after'] = null) =>
    writeAudit(db, { ...by, at: now, action, target, after, reason: 'samples' });
  for (const { at, slug } of going) {
    const shown = await everShown(db, at.id);
    await dropCopy(db, at);
    await db.briefing.delete({ where: { id: at.id }, select: { id: true } });
    await deletePictures(db, shown);
    await note('briefing-deleted', { kind: 'briefing', id: at.id, name: slug });
  }
  await db.organization.deleteMany({ where: { slug: { in: [...organizations] } } });
  await db.category.deleteMany({ where: { slug: { in: [...categories] } } });
  for (const slug of categories) await note('category-deleted', { kind: 'category', id: slug, name: slug });
  await removeSamplePages(db, pages);
  for (const { id, slug } of pages) await note('page-deleted', { kind: 'page', id, name: `/${slug}` });
  await note('samples-removed', null, { briefings: going.length, pages: pages.length });
  return {
    briefings: going.map(({ slug }) => slug),
    categories,
    organizations,
    pages: pages.map(({ slug }) => slug),
    left: left.map(({ slug }) => slug),
  };
}

/** The categories the samples brought that read as they did, and in which there is none but these briefings. */
async function emptied(
  db: WallTransaction,
  files: readonly { readonly bytes: Uint8Array }[],
  ids: readonly string[],
): Promise<string[]> {
  const brought = Object.assign({}, ...files.map(({ bytes }) => categoriesIn(bytes))) as ReturnType<
    typeof categoriesIn
  >;
  const rows = await db.category.findMany({
    where: { slug: { in: Object.keys(brought) }, briefings: { none: { id: { notIn: [...ids] } } } },
    select: { slug: true, texts: { select: { lang: true, name: true, description: true } } },
  });
  return rows
    .filter(({ slug, texts }) => {
      const { name = {}, description = {} } = brought[slug] ?? {};
      const now = (field: 'name' | 'description') =>
        Object.fromEntries(texts.flatMap((text) => (text[field] === null ? [] : [[text.lang, text[field]]])));
      return isDeepStrictEqual(now('name'), { ...name }) && isDeepStrictEqual(now('description'), { ...description });
    })
    .map(({ slug }) => slug);
}
