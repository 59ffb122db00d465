import path from 'node:path';
import { parse, stringify } from 'yaml';
import { accountsViewer, editorialViewer } from '../../access/viewer';
import { root } from '../../lib/root';
import { bringSamplePages } from '../../site/pages/samples';
import type { AuditDraft } from '../../stores/postgres/audit';
import { writeAudit } from '../../stores/postgres/audit';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import { importCategories } from '../categories';
import { contentOf } from '../reading/rows';
import { findEditable, type EditableBriefing } from '../writing/working-copies';
import type { BriefingContent } from '../content';
import { findFolders } from './find-folders';
import type { BriefingFolder } from './folder';
import { importBriefing, loadSiteContext } from './import';
import { readBriefing } from './read';
import { writesTheSame } from './write';

/** Where the sample briefings lie in the repository. */
export const SAMPLES = path.join(root, 'prisma/samples');

/** The files of the samples. */
export const findSampleFiles = () => findFolders([SAMPLES]);

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
  /** Addresses of the pages that came with them. */
  readonly pages: readonly string[];
}

/** Loads the samples when there is no briefing at all, and they were not removed before. Returns how many it loaded. */
export async function loadSamples(wall: Wall): Promise<number> {
  if ((await wall.read(editorialViewer, (db) => db.briefing.count())) > 0) return 0;
  const removed = { where: { action: 'samples-removed' } };
  if ((await wall.read(accountsViewer, (db) => db.auditEntry.count(removed))) > 0) return 0;
  return (await bringSamples(wall)).loaded.length;
}

/**
 * Loads the samples that are not there. What has a slug of theirs, and categories that exist, stay as they are.
 * @param by who asked for it, for the audit log; null at a first start, where nobody did
 */
export async function bringSamples(
  wall: Wall,
  by: (Pick<AuditDraft, 'actor' | 'from'> & { readonly at: Date }) | null = null,
): Promise<SamplesLoaded> {
  const { categories, briefings } = await findSampleFiles();
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
  const pages = await bringSamplePages(wall, by?.at ?? new Date());
  if (by)
    await wall.write(accountsViewer, (db) =>
      writeAudit(db, {
        ...by,
        action: 'samples-loaded',
        target: null,
        after: { briefings: loaded.length, pages: pages.length },
      }),
    );
  return { loaded, kept, pages };
}

/** What there is of the samples. */
export async function findSamples(wall: Wall): Promise<SamplesFound> {
  const { briefings } = await findSampleFiles();
  return wall.read(editorialViewer, async (db) => {
    const found = await samplesThere(db, briefings);
    const slugs = (untouched: boolean) => found.filter((one) => one.untouched === untouched).map(({ slug }) => slug);
    return { untouched: slugs(true), changed: slugs(false) };
  });
}

type CategoryTexts = Readonly<Record<string, { readonly name?: object; readonly description?: object }>>;
/** What a file of categories says of each, by slug. */
export const categoriesIn = (bytes: Uint8Array) => parse(Buffer.from(bytes).toString('utf8')) as CategoryTexts;

/** A briefing under a sample's slug, now or formerly, and whether it says what the sample says. */
export interface SampleThere {
  readonly slug: string;
  readonly at: EditableBriefing;
  readonly untouched: boolean;
}

/** Whatever there is of the samples. */
export async function samplesThere(db: WallTransaction, folders: readonly BriefingFolder[]): Promise<SampleThere[]> {
  const found: SampleThere[] = [];
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
  const { state, published, updated } = other;
  return writesTheSame({ ...one, state, published, updated }, other) && one.cover?.id === other.cover?.id;
}
