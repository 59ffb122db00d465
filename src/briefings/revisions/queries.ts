import { canSeeBriefing } from '../../access/briefings';
import type { Viewer } from '../../access/viewer';
import { loadMatrixNow } from '../../membership/matrix';
import type { Prisma } from '../../stores/prisma/client';
import type { Wall, WallTransaction } from '../../stores/postgres/wall';
import type { BriefingContent } from '../content';
import { movedCategory } from '../former-categories';
import { withPresentOrganizations } from '../present-organizations';
import { findCategories, type CategoryRow, type ReadBriefing } from '../reading/queries';
import { embargoOf, findPassages, picture } from '../reading/rows';
import { readKept } from '../reading/revision-rows';
import { toSlug } from '../vocabulary';
import {
  findFacts,
  findRevisions,
  readableInRevision,
  type BriefingFactsRow,
  type Closing,
  type PublishedRevision,
} from './rows';

export type { Closing, PublishedRevision };

/** A revision as one viewer may read it now. */
export interface ReadRevision {
  readonly revision: PublishedRevision;
  readonly read: ReadBriefing;
}

/** The revisions of a briefing, and those of them that were asked for. */
export interface ReadRevisions {
  readonly slug: string;
  /** Newest first. */
  readonly all: readonly PublishedRevision[];
  /** In the order they were asked for. */
  readonly asked: readonly ReadRevision[];
}

/** Found, moved to another slug, closed by an editor, or not there for this viewer. */
export type RevisionsResult =
  ReadRevisions | { readonly movedTo: string } | { readonly slug: string; readonly closed: Closing } | null;

/** What every part of it is read with. */
interface Reading extends Awaited<ReturnType<typeof loadMatrixNow>> {
  readonly db: WallTransaction;
  readonly viewer: Viewer;
}

/**
 * Reads revisions that readers had by their numbers, as this viewer may read them today; none: only which there are.
 * `newest` stands for the one that readers have now.
 */
export function readRevisionsAs(
  wall: Wall,
  viewer: Viewer,
  slug: string,
  numbers: readonly (number | 'newest')[],
): Promise<RevisionsResult> {
  return wall.read(viewer, async (db) => {
    const reading: Reading = { db, viewer, ...(await loadMatrixNow(db)) };
    const briefing = await findFacts(db, { slug });
    if (!briefing) {
      const former = await db.formerSlug.findUnique({ where: { slug }, select: { briefingId: true } });
      const moved = former && (await findFacts(db, { id: former.briefingId }));
      return moved && isThere(reading, moved) ? { movedTo: moved.slug } : null;
    }
    if (!isThere(reading, briefing)) return null;
    const all = await findRevisions(db, reading, briefing);
    const asked: ReadRevision[] = [];
    for (const number of numbers) {
      const revision = all.find((one) => one.number === (number === 'newest' ? briefing.revision : number));
      if (!revision) return null;
      if (revision.closed) return { slug: briefing.slug, closed: revision.closed };
      const read = await readRevision(reading, briefing, revision);
      if (!read) return null;
      asked.push({ revision, read });
    }
    return { slug: briefing.slug, all, asked };
  });
}

const isThere = ({ matrix, viewer, now }: Reading, row: BriefingFactsRow): boolean =>
  canSeeBriefing(matrix, viewer, { state: row.state, published: row.publishedAt, early: embargoOf(row) }, now);

/** One of them; null where Postgres does not open it to this viewer. */
async function readRevision(
  reading: Reading,
  briefing: BriefingFactsRow,
  { number }: PublishedRevision,
): Promise<ReadBriefing | null> {
  const { db, viewer, matrix, tiers, now } = reading;
  const { id, slug } = briefing;
  const [row] = await db.$queryRaw<{ kept: object | null }[]>`
    SELECT wall.published_revision(${id}::uuid, ${number}::int) AS kept`;
  if (!row?.kept) return null;
  const passages = await findPassages(db, {
    briefingId: id,
    ...readableInRevision(matrix, viewer, now, number),
  });
  const kept = await withPresentOrganizations(
    db,
    readKept({ ...row.kept, state: 'published', slug, formerly: [] }, passages),
    passages,
  );
  const counts = await db.$queryRaw<{ kind: string; rank: number; opens_at: Date | null; passages: number }[]>`
    SELECT kind::text, rank, opens_at, passages FROM wall.revision_gate_counts(${id}::uuid, ${number}::int)`;
  const category = await categoryOf(db, kept.category, briefing.categorySlug);
  const pictures = await picturesOf(db, id, number, passages);
  return {
    id,
    revision: number,
    content: { ...kept, ...(await namesNow(db, kept)), ...pictures.of(kept), category: category.slug },
    now,
    widths: pictures.widths,
    counts: counts.map(({ opens_at: opensAt, ...one }) => ({ ...one, kind: toSlug(one.kind), opensAt })),
    matrix,
    tiers,
    category,
    more: [],
    corrections: [],
  };
}

/** The category it was in as it is called now; where that is gone, the one that the briefing is in. */
async function categoryOf(db: WallTransaction, then: string, now: string): Promise<CategoryRow> {
  const moved = (await movedCategory(db, then)) ?? then;
  const rows = await findCategories(db, [moved, now]);
  return rows.find(({ slug }) => slug === moved) ?? rows.find(({ slug }) => slug === now)!;
}

/** Authors by the names they have now: whoever took theirs away is not named by what was written before. */
async function namesNow(
  db: WallTransaction,
  { authors }: Pick<BriefingContent, 'authors'>,
): Promise<Pick<BriefingContent, 'authors'>> {
  if (authors.length === 0) return { authors };
  const keys = authors.map(({ key }) => key);
  const former = new Map(
    (await db.formerAuthorSlug.findMany({ where: { slug: { in: keys } } })).map((one) => [one.slug, one.authorSlug]),
  );
  const slugs = [...new Set(keys.map((key) => former.get(key) ?? key))];
  const rows = await db.author.findMany({ where: { slug: { in: slugs } }, select: { slug: true, name: true } });
  return {
    authors: slugs.flatMap((key) => {
      const row = rows.find(({ slug }) => slug === key);
      return row ? [{ key, name: row.name }] : [];
    }),
  };
}

type PictureRow = Prisma.PictureGetPayload<typeof picture>;

/** The pictures of its public texts, and those of the passages at hand: by the names that these texts call them. */
async function picturesOf(
  db: WallTransaction,
  briefingId: string,
  number: number,
  passages: readonly { readonly id: string }[],
) {
  const placed: { readonly name: string; readonly picture: PictureRow }[] = [
    ...(await db.revisionPicture.findMany({ where: { briefingId, number }, include: { picture } })),
    ...(await db.passagePlacement.findMany({
      where: { passageId: { in: passages.map(({ id }) => id) } },
      include: { picture },
    })),
  ];
  const plain = ({ id, format, width, height }: PictureRow) => ({ id, format, width, height });
  return {
    widths: new Map(placed.map((one) => [one.picture.id, one.picture.sizes.map(({ width }) => width)])),
    of: ({ cover }: Pick<BriefingContent, 'cover'>): Pick<BriefingContent, 'cover' | 'figures'> => ({
      // One that no row says is public is not shown.
      cover: cover && placed.some((one) => one.picture.id === cover.id) ? cover : null,
      figures: Object.fromEntries(
        placed.filter(({ name }) => !name.startsWith('cover.')).map((one) => [one.name, plain(one.picture)]),
      ),
    }),
  };
}
