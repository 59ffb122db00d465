import path from 'node:path';
import { editorialViewer } from '../../access/viewer';
import { loadMatrix } from '../../membership/matrix';
import { loadShape } from '../../site/shape/load';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { authorNames, formerAuthors } from '../authors';
import { formerCategories } from '../former-categories';
import { formerOrganizations } from '../organizations';
import { makeSizes, type ReEncoded } from '../pictures/re-encode';
import type { BriefingContent } from '../content';
import { COVER_FILE, recognise } from './cover';
import { FaultyFiles } from './fault';
import { FIGURE_FILE, MOST_FIGURES } from './figures';
import type { ImportContext } from './import-context';
import type { BriefingFolder } from './folder';
import { readBriefing } from './read';
import { storePicture, picturesOf } from '../pictures/queries';
import { lockBriefings } from '../writing/lock-briefings';
import { findBefore, saveRevision, type SaveResult } from '../writing/save-revision';
import type { Redrawn, StrippedFolder } from '../pictures/strip-metadata';

export interface ImportResult {
  readonly slug: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly revision: number;
}

/**
 * Takes one folder in, whole or not at all. The same content again changes nothing and makes no revision. The pictures
 * of one that was not washed are kept with whatever is in them.
 * @param also is done in the same transaction, with what was saved.
 * @throws FaultyFiles with every fault; the database is as it was.
 */
export async function importBriefing(
  wall: Wall,
  folder: BriefingFolder | StrippedFolder,
  authorId: string | null = null,
  also?: (db: WallTransaction, saved: SaveResult & { readonly slug: string }) => Promise<unknown>,
): Promise<ImportResult> {
  const { reEncoded, faults } = 'reEncoded' in folder ? folder : AS_IT_LIES;
  const sizes = await newSizes(wall, folder, reEncoded);
  return wall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const read = readBriefing(folder, await loadSiteContext(db));
    if ('faults' in read || faults.length > 0)
      throw new FaultyFiles([...('faults' in read ? read.faults : []), ...faults]);
    const content = withReEncoded(read.content, reEncoded);
    for (const [name, picture] of picturesOf(content)) {
      const redrawn = reEncoded.get(name);
      if (redrawn) await storeRedrawn(db, redrawn, path.join(folder.path, name));
      else await storePicture(db, picture, folder.files.get(name)!, sizes.get(picture.id) ?? []);
    }
    const saved = await saveRevision(db, await findBefore(db, content), content, { origin: 'import', authorId });
    await also?.(db, { ...saved, slug: content.slug });
    return { slug: content.slug, outcome: saved.outcome, revision: saved.revision };
  });
}

const AS_IT_LIES: Pick<StrippedFolder, 'reEncoded' | 'faults'> = { reEncoded: new Map(), faults: [] };

/** The same with the pictures that were drawn from its files in their place. */
function withReEncoded(content: BriefingContent, reEncoded: ReadonlyMap<string, Redrawn>): BriefingContent {
  const cover = content.cover && (reEncoded.get(`cover.${content.cover.format}`)?.picture ?? content.cover);
  return {
    ...content,
    cover,
    figures: Object.fromEntries(
      Object.entries(content.figures).map(([name, picture]) => [name, reEncoded.get(name)?.picture ?? picture]),
    ),
  };
}

async function storeRedrawn(db: WallTransaction, { file, picture, made }: Redrawn, at: string): Promise<void> {
  if (!made) {
    if ((await db.picture.count({ where: { id: picture.id } })) > 0) return;
    throw new FaultyFiles([
      {
        file: at,
        line: 0,
        field: 'picture',
        found: 'one whose drawing was removed while it was imported',
        allowed: 'the same once more',
      },
    ]);
  }
  await storePicture(db, picture, made.bytes, made.sizes);
  await db.drawing.createMany({ data: [{ fileId: file, pictureId: picture.id }], skipDuplicates: true });
}

/**
 * The sizes of a folder's pictures by their ids, made before the import has its turn, and only of those not met before.
 */
async function newSizes(
  wall: Wall,
  { files }: BriefingFolder,
  reEncoded: ReadonlyMap<string, Redrawn>,
): Promise<Map<string, ReEncoded['sizes']>> {
  const offered = [...files]
    .filter(([name]) => !reEncoded.has(name) && (COVER_FILE.test(name) || FIGURE_FILE.test(name)))
    .slice(0, MOST_FIGURES + 1)
    .flatMap(([, bytes]) => {
      const picture = recognise(bytes);
      return picture ? [{ picture, bytes }] : [];
    });
  if (offered.length === 0) return new Map();
  const rows = await wall.read(editorialViewer, (db) =>
    db.picture.findMany({
      where: { id: { in: offered.map(({ picture }) => picture.id) }, sizes: { some: {} } },
      select: { id: true },
    }),
  );
  const known = new Set(rows.map(({ id }) => id));
  const fresh = offered.filter(({ picture }) => !known.has(picture.id));
  return new Map(
    await Promise.all(fresh.map(async ({ picture, bytes }) => [picture.id, await makeSizes(bytes, picture)] as const)),
  );
}

/** What an import must agree with; `except` leaves one briefing's own slugs out. */
export async function loadSiteContext(db: WallTransaction, except?: string): Promise<ImportContext> {
  const matrix = await loadMatrix(db);
  const categories = await db.category.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } });
  const organizations = await db.organization.findMany();
  const briefings = await db.briefing.findMany({
    where: { copyOf: null, ...(except === undefined ? {} : { id: { not: except } }) },
    select: { slug: true, formerSlugs: { select: { slug: true } } },
  });
  return {
    matrix,
    shape: await loadShape(db),
    categories: categories.map(({ slug }) => slug),
    formerCategories: await formerCategories(db),
    organizations: new Map(organizations.map(({ slug, name, url }) => [slug, { name, url }])),
    formerOrganizations: await formerOrganizations(db),
    authors: await authorNames(db),
    formerAuthors: await formerAuthors(db),
    slugs: new Map(
      briefings.flatMap(({ slug, formerSlugs }) =>
        [slug, ...formerSlugs.map((one) => one.slug)].map((held) => [held, slug]),
      ),
    ),
  };
}
