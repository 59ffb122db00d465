import type { WallTransaction } from '../../stores/postgres/wall';
import type { BriefingContent } from '../content';
import { deletePictures, picturesOf } from '../pictures/queries';
import { keptContent } from '../reading/revision-rows';
import { wordOf, type BriefingShape } from '../../site/shape/shape';
import { addRestorePointPassages } from './passages';
import { publicPart } from './save-revision';

/** What a restore point was before. */
export const RESTORE_REASONS = ['time', 'removal', 'discard', 'restore'] as const;
export type RestoreReason = (typeof RESTORE_REASONS)[number];

/** A restore point without what it says. */
export interface RestorePoint {
  readonly id: string;
  readonly createdAt: Date;
  /** Who did what it was before; null: nobody who is still there. */
  readonly authorId: string | null;
  readonly reason: RestoreReason;
}

/** What a working copy said. Every passage is in it. */
export interface RestoreContent {
  readonly content: BriefingContent;
  /** What was typed and fits no column, by the name of its field. */
  readonly unfinished: Readonly<Record<string, string>>;
}

/** How many restore points a briefing has at most: the oldest goes when there is one more. */
export const MOST_RESTORE_POINTS = 20;

/** Milliseconds between two restore points that are made for nothing but the time that has passed. */
export const RESTORE_INTERVAL = 5 * 60_000;

/** Milliseconds for which what was removed stands where it was, to be put back. The restore point itself stays. */
const PUT_BACK_FOR = 24 * 3_600_000;

/** Who is about to do what, and to which briefing. */
export interface RestorePointMaker {
  readonly briefingId: string;
  /** The revision that the working copy stands on. */
  readonly revision: number;
  readonly reason: RestoreReason;
  readonly accountId: string | null;
  readonly now: Date;
}

/**
 * Keeps what a working copy says before something is done to it. The gated text goes into `passages`, where no reader
 * and no revision finds it. Of more than `MOST_RESTORE_POINTS` the oldest go, and pictures that only they showed.
 */
export async function addRestorePoint(
  db: WallTransaction,
  { content, unfinished }: RestoreContent,
  { briefingId, revision, reason, accountId, now }: RestorePointMaker,
): Promise<void> {
  const { id } = await db.restorePoint.create({
    data: {
      briefingId,
      revision,
      reason,
      authorId: accountId,
      createdAt: now,
      content: publicPart(content),
      unfinished: { ...unfinished },
    },
    select: { id: true },
  });
  await addRestorePointPassages(db, { briefingId, revision, id }, content);
  const old = await db.restorePoint.findMany({
    where: { briefingId },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    skip: MOST_RESTORE_POINTS,
    select: { id: true, content: true },
  });
  if (old.length === 0) return;
  await db.restorePoint.deleteMany({ where: { id: { in: old.map((one) => one.id) } } });
  const shown = old.flatMap((one) => [...picturesOf(one.content as unknown as BriefingContent).values()]);
  await deletePictures(
    db,
    shown.map((picture) => picture.id),
  );
}

/**
 * Is something gone from what is said after: a source, an organization, a passage, the cover or a picture? An
 * organization that is only renamed may be another one by its key.
 */
export function isRemoval(
  { kinds }: Pick<BriefingShape, 'kinds'>,
  before: BriefingContent,
  after: BriefingContent,
): boolean {
  const left = new Set(itemsOf(kinds, after));
  const gone = itemsOf(kinds, before).some((one) => !left.has(one));
  return gone || after.organizations.length < before.organizations.length;
}

const itemsOf = (kinds: BriefingShape['kinds'], { sources, cover, figures, editions }: BriefingContent): string[] => [
  ...sources.map(({ key }) => `source ${key}`),
  ...(cover ? [`cover ${cover.id}`] : []),
  ...Object.keys(figures).map((name) => `picture ${name}`),
  ...Object.values(editions).flatMap(({ passages }) =>
    passages.flatMap(({ kind, key }) => (wordOf(kinds, kind)?.shape === 'per-organization' ? [] : [`${kind} ${key}`])),
  ),
];

/** When the youngest restore point of a briefing was made; null where it has none. */
export async function lastRestorePoint(db: WallTransaction, briefingId: string): Promise<Date | null> {
  const row = await db.restorePoint.findFirst({
    where: { briefingId },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  });
  return row?.createdAt ?? null;
}

/** The restore points of a briefing, the youngest first. */
export async function listRestorePoints(db: WallTransaction, briefingId: string): Promise<RestorePoint[]> {
  const rows = await db.restorePoint.findMany({
    where: { briefingId },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    select: { id: true, createdAt: true, authorId: true, reason: true },
  });
  return rows.map((row) => ({ ...row, reason: RESTORE_REASONS.find((one) => one === row.reason) ?? 'time' }));
}

/** A restore point with what it says; null when that briefing has none of this id. */
export async function findRestorePoint(
  db: WallTransaction,
  briefingId: string,
  id: string,
): Promise<(RestorePoint & RestoreContent) | null> {
  const point = (await listRestorePoints(db, briefingId)).find((one) => one.id === id);
  const row = point && (await db.restorePoint.findUnique({ where: { id } }));
  return point && row ? { ...point, ...(await contentAt(db, row)) } : null;
}

/**
 * What was removed from a working copy a short while ago can be found in these, the youngest first: what it said before
 * each removal since the revision it stands on.
 */
export async function recentRemovals(
  db: WallTransaction,
  briefingId: string,
  revision: number,
  now: Date,
): Promise<RestoreContent[]> {
  const rows = await db.restorePoint.findMany({
    where: { briefingId, revision, reason: 'removal', createdAt: { gt: new Date(now.getTime() - PUT_BACK_FOR) } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  });
  const found: RestoreContent[] = [];
  for (const row of rows) found.push(await contentAt(db, row));
  return found;
}

async function contentAt(
  db: WallTransaction,
  { id, content, unfinished }: { readonly id: string; readonly content: unknown; readonly unfinished: unknown },
): Promise<RestoreContent> {
  return {
    content: await keptContent(db, content, { restorePointId: id }),
    unfinished: unfinished as Record<string, string>,
  };
}
