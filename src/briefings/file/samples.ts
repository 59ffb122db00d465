import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { accountsViewer, editorialViewer } from '../../access/viewer';
import { root } from '../../lib/root';
import type { Actor } from '../../stores/postgres/audit';
import { writeAudit } from '../../stores/postgres/audit';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { importCategories } from '../categories';
import { deletePictures, everShown } from '../pictures/queries';
import { contentOf } from '../reading/rows';
import { lockBriefings } from '../writing/save';
import { dropCopy, findEditable, type EditableBriefing } from '../writing/working-copies';
import type { BriefingContent } from './content';
import { findFolders } from './find-folders';
import type { BriefingFolder } from './folder';
import { importBriefing, loadSiteContext } from './import';
import { readBriefing } from './read';
import { writeBriefing } from './write';

/** Where the sample briefings lie in the repository. */
export const SAMPLES = path.join(root, 'prisma/samples');

/** What stands in the database under the slugs of the samples. */
export interface SamplesFound {
  /** As they were loaded, in whatever state. */
  readonly untouched: readonly string[];
  /** Edited since, or the publisher's own of the same slug: the two cannot be told apart. */
  readonly changed: readonly string[];
}

export interface SamplesLoaded {
  readonly loaded: readonly string[];
  /** Slugs that were taken, by a sample or by something else: what stands there is as it was. */
  readonly kept: readonly string[];
}

export interface SamplesRemoved {
  readonly briefings: readonly string[];
  readonly categories: readonly string[];
  readonly organizations: readonly string[];
  /** Changed briefings that were left. */
  readonly left: readonly string[];
}

/** Loads the samples when there is no briefing at all, and they were not removed before. Returns how many it loaded. */
export async function loadSamples(wall: Wall): Promise<number> {
  if ((await wall.read(editorialViewer, (db) => db.briefing.count())) > 0) return 0;
  const removed = { where: { action: 'samples-removed' } };
  if ((await wall.read(accountsViewer, (db) => db.auditEntry.count(removed))) > 0) return 0;
  return (await bringSamples(wall)).loaded.length;
}

/** Loads the samples that are not there. What has a slug of theirs, and categories that exist, stay as they are. */
export async function bringSamples(wall: Wall): Promise<SamplesLoaded> {
  const { categories, briefings } = await findFolders([SAMPLES]);
  const [taken, known] = await wall.read(editorialViewer, async (db) => [
    new Set([
      ...(await db.briefing.findMany({ where: { copyOf: null }, select: { slug: true } })).map(({ slug }) => slug),
      ...(await db.formerSlug.findMany({ select: { slug: true } })).map(({ slug }) => slug),
    ]),
    new Set([
      ...(await db.category.findMany({ select: { slug: true } })).map(({ slug }) => slug),
      ...(await db.formerCategorySlug.findMany({ select: { slug: true } })).map(({ slug }) => slug),
    ]),
  ]);
  for (const { file, bytes } of categories) {
    const missing = Object.entries(categoriesIn(bytes)).filter(([slug]) => !known.has(slug));
    if (missing.length > 0) await importCategories(wall, file, Buffer.from(stringify(Object.fromEntries(missing))));
  }
  const loaded: string[] = [];
  const kept: string[] = [];
  for (const folder of briefings) {
    const slug = path.basename(folder.path);
    if (taken.has(slug)) kept.push(slug);
    else loaded.push((await importBriefing(wall, folder)).slug);
  }
  return { loaded, kept };
}

/** What there is of the samples. */
export async function findSamples(wall: Wall): Promise<SamplesFound> {
  const { briefings } = await findFolders([SAMPLES]);
  return wall.read(editorialViewer, async (db) => {
    const found = await standing(db, briefings);
    const slugs = (untouched: boolean) => found.filter((one) => one.untouched === untouched).map(({ slug }) => slug);
    return { untouched: slugs(true), changed: slugs(false) };
  });
}

/**
 * Removes the samples with every trace but the audit log: briefings in any state with their revisions, working copies,
 * former slugs, pictures and counts; then the categories and organizations they brought, where nothing else is in them.
 * All of it or nothing.
 * @param changed whether to take those too that were changed since, or are the publisher's own under a sample's slug.
 */
export async function removeSamples(wall: Wall, by: Actor, changed: boolean, now: Date): Promise<SamplesRemoved> {
  const { categories, briefings } = await findFolders([SAMPLES]);
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const found = await standing(db, briefings);
    const going = found.filter(({ untouched }) => untouched || changed);
    const organizations = new Set<string>();
    for (const { at, slug } of going) {
      for (const content of [contentOf(at.base), at.content])
        for (const { key } of content.organizations) organizations.add(key);
      const shown = await everShown(db, at.id);
      await dropCopy(db, at);
      await db.briefing.delete({ where: { id: at.id }, select: { id: true } });
      await deletePictures(db, shown);
      await note(db, by, now, 'briefing-deleted', { kind: 'briefing', id: at.id, name: slug });
    }
    const emptied = await removeEmptied(db, [...organizations], categories);
    for (const slug of emptied.categories)
      await note(db, by, now, 'category-deleted', { kind: 'category', id: slug, name: slug });
    await note(db, by, now, 'samples-removed', null);
    const left = found.filter(({ untouched }) => !untouched && !changed).map(({ slug }) => slug);
    return { briefings: going.map(({ slug }) => slug), ...emptied, left };
  });
}

type CategoryTexts = Readonly<Record<string, { readonly name?: object; readonly description?: object }>>;
const categoriesIn = (bytes: Uint8Array) => parse(Buffer.from(bytes).toString('utf8')) as CategoryTexts;

/** Removes what the samples brought and nothing is in any more: organizations, and categories that read as they did. */
async function removeEmptied(
  db: WallTransaction,
  organizations: string[],
  files: readonly { readonly bytes: Uint8Array }[],
): Promise<{ readonly categories: string[]; readonly organizations: string[] }> {
  const empty = { slug: { in: organizations }, linked: { none: {} }, notes: { none: {} } };
  const gone = (await db.organization.findMany({ where: empty, select: { slug: true } })).map(({ slug }) => slug);
  await db.organization.deleteMany({ where: { slug: { in: gone } } });
  const brought = Object.entries(Object.assign({}, ...files.map(({ bytes }) => categoriesIn(bytes))) as CategoryTexts);
  const rows = await db.category.findMany({
    where: { slug: { in: brought.map(([slug]) => slug) }, briefings: { none: {} } },
    select: { slug: true, texts: { select: { lang: true, name: true, description: true } } },
  });
  const categories = rows
    .filter(({ slug, texts }) => {
      const { name = {}, description = {} } = Object.fromEntries(brought)[slug] ?? {};
      const now = (field: 'name' | 'description') =>
        Object.fromEntries(texts.flatMap((text) => (text[field] === null ? [] : [[text.lang, text[field]]])));
      return isDeepStrictEqual(now('name'), { ...name }) && isDeepStrictEqual(now('description'), { ...description });
    })
    .map(({ slug }) => slug);
  await db.category.deleteMany({ where: { slug: { in: categories } } });
  return { categories, organizations: gone };
}

interface Standing {
  readonly slug: string;
  readonly at: EditableBriefing;
  readonly untouched: boolean;
}

/** The briefings under the samples' slugs, now or formerly, and whether each says what the sample says. */
async function standing(db: WallTransaction, folders: readonly BriefingFolder[]): Promise<Standing[]> {
  const found: Standing[] = [];
  for (const folder of folders) {
    const slug = path.basename(folder.path);
    const row = await db.briefing.findFirst({
      where: { copyOf: null, OR: [{ slug }, { formerSlugs: { some: { slug } } }] },
      select: { id: true },
    });
    const at = row && (await findEditable(db, row.id));
    if (!at) continue;
    const read = readBriefing(folder, await loadSiteContext(db, at.id));
    const untouched = 'content' in read && at.copy === null && saysTheSame(contentOf(at.base), read.content);
    found.push({ slug: at.base.slug, at, untouched });
  }
  return found;
}

/** Do both say the same, wherever they stand on their way to readers? */
function saysTheSame(one: BriefingContent, other: BriefingContent): boolean {
  const said = (content: BriefingContent) =>
    writeBriefing({ ...content, state: other.state, published: other.published, updated: other.updated });
  return isDeepStrictEqual(said(one), said(other)) && one.cover?.id === other.cover?.id;
}

async function note(
  db: WallTransaction,
  actor: Actor,
  at: Date,
  action: string,
  target: { readonly kind: string; readonly id: string; readonly name: string } | null,
): Promise<void> {
  await writeAudit(db, { at, actor, action, target, reason: 'samples' });
}
