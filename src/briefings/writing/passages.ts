import { loadShape } from '../../site/shape/load';
import { wordOf } from '../../site/shape/shape';
import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { BriefingContent } from '../content';
import { figuresOf } from '../file/figures';
import { toSlug, toEnum } from '../vocabulary';

/** A passage as it is to be written, and as it stands. */
type Wanted = ReturnType<typeof passageRows>[number];
type Current = Prisma.PassageGetPayload<{ include: { pictures: { select: { name: true; pictureId: true } } } }>;
type Placed = ReadonlyMap<string, readonly { readonly name: string; readonly pictureId: string }[]>;

/**
 * Brings sources and passages to a new revision. A passage that did not change keeps its row; one that did is
 * closed for the revisions before and written anew, so that every revision finds its own text.
 */
export async function replacePassages(
  db: WallTransaction,
  briefingId: string,
  revision: number,
  content: BriefingContent,
  keysBefore: readonly string[],
): Promise<void> {
  const { kinds } = await loadShape(db);
  const wanted = passageRows(content, briefingId, revision);
  const current = await db.passage.findMany({
    where: { briefingId, untilRevision: null },
    include: { pictures: { select: { name: true, pictureId: true } } },
  });
  const placed: Placed = new Map(
    [...new Set(wanted.map(({ text }) => text))].map((text) => [
      text,
      figuresOf(text, content.figures).map(([name, { id }]) => ({ name, pictureId: id })),
    ]),
  );
  const unchanged = current.filter((row) => wanted.some((one) => isSame(one, row, placed)));
  await endPassages(
    db,
    revision,
    current.filter((row) => !unchanged.includes(row)),
  );
  const sourceIds = await saveSources(db, briefingId, content, keysBefore);
  const shapeOf = (kind: string) => wordOf(kinds, toSlug(kind))?.shape;
  const written = await db.passage.createManyAndReturn({
    data: wanted
      .filter((one) => !unchanged.some((row) => isSame(one, row, placed)))
      .map((one) => ({
        ...one,
        organizationSlug: shapeOf(one.kind) === 'per-organization' ? one.key : null,
        sourceId: shapeOf(one.kind) === 'per-source' ? sourceIds.get(one.key)! : null,
      })),
    select: { id: true, text: true },
  });
  await db.passagePlacement.createMany({
    data: written.flatMap(({ id, text }) => placed.get(text)!.map((one) => ({ passageId: id, ...one }))),
  });
}

function isSame(wanted: Wanted, row: Current, placed: Placed): boolean {
  const own = placed.get(wanted.text)!;
  return (
    (['kind', 'key', 'lang', 'position', 'text', 'tierSlug'] as const).every((name) => wanted[name] === row[name]) &&
    wanted.tierUntil?.getTime() === row.tierUntil?.getTime() &&
    own.length === row.pictures.length &&
    own.every(({ name, pictureId }) => row.pictures.some((one) => one.name === name && one.pictureId === pictureId))
  );
}

/** Closes passages for the revisions before. */
async function endPassages(db: WallTransaction, revision: number, ended: readonly Current[]): Promise<void> {
  // A text that no revision before this one has is in nobody's history: a working copy's, written over in place.
  await db.passage.deleteMany({
    where: { id: { in: ended.filter((row) => row.fromRevision === revision).map(({ id }) => id) } },
  });
  await db.passage.updateMany({
    where: { id: { in: ended.filter((row) => row.fromRevision !== revision).map(({ id }) => id) } },
    data: { untilRevision: revision },
  });
}

/** Puts down the passages of a restore point: rows of no revision. */
export async function addRestorePointPassages(
  db: WallTransaction,
  { briefingId, revision, id }: { readonly briefingId: string; readonly revision: number; readonly id: string },
  content: Pick<BriefingContent, 'editions' | 'stricter' | 'until'>,
): Promise<void> {
  await db.passage.createMany({
    data: passageRows(content, briefingId, revision).map((row) => ({
      ...row,
      untilRevision: revision,
      restorePointId: id,
    })),
  });
}

/** The passages of every edition as rows from a revision on. */
const passageRows = (
  { editions, stricter, until }: Pick<BriefingContent, 'editions' | 'stricter' | 'until'>,
  briefingId: string,
  revision: number,
) =>
  Object.entries(editions).flatMap(([lang, { passages }]) =>
    passages.map(({ kind, key, text }, position) => ({
      briefingId,
      kind: toEnum(kind),
      key,
      lang,
      position,
      text,
      tierSlug: stricter[`${kind}/${key}`] ?? null,
      tierUntil: until[`${kind}/${key}`] ?? null,
      fromRevision: revision,
    })),
  );

/** Something stands in a briefing from a revision on, up to and without another. */
export interface Stay {
  readonly briefingId: string;
  readonly from: number;
  readonly without: number;
}

/** Where a picture stood in passages that have ended, of those that `open` lets through. */
export async function endedAround(
  db: WallTransaction,
  pictureId: string,
  open: Prisma.PassageWhereInput,
  most: number,
): Promise<Stay[]> {
  const rows = await db.passagePlacement.findMany({
    where: { pictureId, passage: { ...open, untilRevision: { not: null }, restorePointId: null } },
    select: { passage: { select: { briefingId: true, fromRevision: true, untilRevision: true } } },
    take: most,
  });
  return rows.map(({ passage: { briefingId, fromRevision: from, untilRevision } }) => ({
    ...{ briefingId, from, without: untilRevision ?? from },
  }));
}

/** When the next passage of a published briefing opens by itself, after this moment; null when none does. */
export async function nextPassageOpening(db: WallTransaction, moment: Date): Promise<Date | null> {
  const next = await db.passage.findFirst({
    where: { untilRevision: null, tierUntil: { gt: moment }, briefing: { state: 'published' } },
    orderBy: { tierUntil: 'asc' },
    select: { tierUntil: true },
  });
  return next?.tierUntil ?? null;
}

/** A passage with an end to its own tier, and the briefing it stands in. Never its text. */
export interface EmbargoedPassage {
  readonly briefingId: string;
  readonly kind: string;
  readonly tier: string;
  readonly until: Date;
}

/**
 * The passages of published briefings whose own tier ends from this moment on, each once across languages, in order of
 * time.
 */
export async function embargoedPassages(db: WallTransaction, from: Date, most: number): Promise<EmbargoedPassage[]> {
  const rows = await db.passage.findMany({
    where: { untilRevision: null, tierUntil: { gte: from }, briefing: { copyOf: null, state: 'published' } },
    distinct: ['briefingId', 'kind', 'key'],
    select: { briefingId: true, kind: true, tierSlug: true, tierUntil: true },
    orderBy: [{ tierUntil: 'asc' }, { briefingId: 'asc' }],
    take: most,
  });
  return rows.flatMap(({ briefingId, kind, tierSlug, tierUntil }) =>
    tierSlug === null || tierUntil === null
      ? []
      : [{ briefingId, kind: toSlug(kind), tier: tierSlug, until: tierUntil }],
  );
}

/** Notes on one organization are notes on another from now on, in every revision and with no text read. */
export async function moveNotes(db: WallTransaction, from: string, to: string): Promise<void> {
  // The key of a note is the slug of its organization: both change in one statement.
  await db.passage.updateMany({ where: { organizationSlug: from }, data: { key: to, organizationSlug: to } });
}

/** Counts the passages of a working copy from another revision on: the one that the copy now stands on. */
export async function extendPassages(db: WallTransaction, briefingId: string, revision: number): Promise<void> {
  await db.passage.updateMany({ where: { briefingId, untilRevision: null }, data: { fromRevision: revision } });
}

/** Sources keep their row as long as their key stays, because notes point to it. Returns the ids by key. */
async function saveSources(
  db: WallTransaction,
  briefingId: string,
  content: BriefingContent,
  keysBefore: readonly string[],
): Promise<Map<string, string>> {
  const rows = content.sources.map((source, position) => ({ ...source, position }));
  if (keysBefore.length > 0) {
    await db.source.deleteMany({ where: { briefingId, key: { notIn: rows.map(({ key }) => key) } } });
    // Two sources may have exchanged their addresses; each is unique, so all give theirs up before any takes one.
    await db.$executeRaw`
      UPDATE sources SET url = 'https://moving.invalid/' || id WHERE briefing_id = ${briefingId}::uuid`;
    for (const { key, ...data } of rows) {
      if (keysBefore.includes(key))
        await db.source.update({ where: { briefingId_key: { briefingId, key } }, data, select: { id: true } });
    }
  }
  await db.source.createMany({
    data: rows.filter(({ key }) => !keysBefore.includes(key)).map((row) => ({ briefingId, ...row })),
  });
  const ids = new Map(
    (await db.source.findMany({ where: { briefingId }, select: { key: true, id: true } })).map(({ key, id }) => [
      key,
      id,
    ]),
  );
  await db.sourceText.deleteMany({ where: { source: { briefingId } } });
  await db.sourceText.createMany({
    data: Object.entries(content.editions).flatMap(([lang, { sources }]) =>
      Object.entries(sources).map(([key, { title, description }]) => ({
        sourceId: ids.get(key)!,
        lang,
        title,
        description,
      })),
    ),
  });
  return ids;
}

/**
 * Passages of one published briefing that are alike to the rule: their kind, and a tier of their own where they have
 * one, until when.
 */
export interface PassageTally {
  readonly briefingId: string;
  readonly kind: string;
  readonly tier: string | null;
  readonly until: Date | null;
  /** Each counted once, in however many languages it is. */
  readonly passages: number;
}

/** How many passages of these kinds readers can meet now, briefing by briefing; never a word of one. As the desk. */
export async function tallyPublished(db: WallTransaction, kinds: readonly string[]): Promise<PassageTally[]> {
  const rows = await db.$queryRaw<
    { briefingId: string; kind: string; tier: string | null; until: Date | null; passages: number }[]
  >`
    SELECT one.briefing_id::text AS "briefingId", one.kind::text, one.tier, one.until, count(*)::int AS passages
    FROM (
      SELECT p.briefing_id, p.kind, p.key,
        (array_agg(p.tier_slug ORDER BY t.rank DESC NULLS LAST))[1] AS tier, max(p.tier_until) AS until
      FROM passages p
      JOIN briefings b ON b.id = p.briefing_id
      LEFT JOIN tiers t ON t.slug = p.tier_slug
      WHERE p.until_revision IS NULL AND b.state = 'published' AND b.published_at <= now()
        AND p.kind::text = ANY (${kinds.map(toEnum)})
      GROUP BY p.briefing_id, p.kind, p.key
    ) one
    GROUP BY one.briefing_id, one.kind, one.tier, one.until`;
  return rows.map((row) => ({ ...row, kind: toSlug(row.kind) }));
}
