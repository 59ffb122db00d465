import { visibilityFilter } from '../../access/briefings';
import { readable, type Matrix } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import { movedCategory } from '../former-categories';
import type { BriefingContent, Choice, EditionContent, Picture } from '../file/content';
import { toSlug, toEnum } from '../vocabulary';

/** The first wall: the rows of `passages` the rule opens for this viewer, current ones only. */
export function readablePassages(matrix: Matrix, viewer: Viewer, moment: Date): Prisma.PassageWhereInput {
  const { kinds, tiers, now } = readable(matrix, viewer, moment);
  return {
    untilRevision: null,
    kind: { in: kinds.map(toEnum) },
    OR: [{ tierSlug: null }, { tierSlug: { in: tiers } }, { tierUntil: { lte: now } }],
  };
}

/** The first wall for briefings: the rows that are there for this viewer. */
export function whereVisible(matrix: Pick<Matrix, 'tiers'>, viewer: Viewer, moment: Date): Prisma.BriefingWhereInput {
  const { tiers, now } = visibilityFilter(matrix, viewer, moment);
  return {
    state: 'published',
    publishedAt: { lte: now },
    OR: [{ earlyTier: null }, { earlyTier: { in: tiers } }, { earlyUntil: { lte: now } }],
  };
}

/** A picture without its bytes, and the widths it is kept in. */
export const picture = {
  select: {
    id: true,
    format: true,
    width: true,
    height: true,
    sizes: { select: { width: true }, orderBy: { width: 'asc' } },
  },
} satisfies Prisma.PictureDefaultArgs;
type PictureRow = Prisma.PictureGetPayload<typeof picture>;

/** Everything of a briefing, with the passages that `passages` lets through. */
const whole = (passages: Prisma.PassageWhereInput) =>
  ({
    cover: picture,
    formerSlugs: { orderBy: { position: 'asc' } },
    editions: true,
    explanations: true,
    facts: true,
    listItems: { orderBy: { position: 'asc' } },
    sources: { orderBy: { position: 'asc' }, include: { texts: true } },
    organizations: { orderBy: { position: 'asc' }, include: { organization: true } },
    passages: { where: passages, orderBy: { position: 'asc' } },
  }) satisfies Prisma.BriefingInclude;

type Row = Prisma.BriefingGetPayload<{ include: ReturnType<typeof whole> }>;

/**
 * A briefing's rows, with the pictures of its texts by name: to the desk all its files, to a reader what stands in the
 * texts at hand.
 */
export type WholeRow = Row & { readonly figures: ReadonlyMap<string, PictureRow> };

/** The briefing as the desk has it, every passage and picture included; null when there is none. */
export async function findWhole(db: WallTransaction, where: Prisma.BriefingWhereUniqueInput): Promise<WholeRow | null> {
  const row = await db.briefing.findUnique({ where, include: whole({ untilRevision: null }) });
  if (!row) return null;
  return withFigures(
    row,
    await db.figure.findMany({ where: { briefingId: row.id }, include: { picture }, orderBy: { name: 'asc' } }),
  );
}

/**
 * The texts of several briefings by their ids, without their pictures: as the desk has them, or with the passages that
 * `passages` lets through.
 */
export async function findTexts(
  db: WallTransaction,
  ids: readonly string[],
  passages: Prisma.PassageWhereInput = { untilRevision: null },
): Promise<ReadonlyMap<string, WholeRow>> {
  const rows = await db.briefing.findMany({ where: { id: { in: [...ids] } }, include: whole(passages) });
  return new Map(rows.map((row) => [row.id, withFigures(row, [])]));
}

/**
 * The briefing as a viewer may read it, with the passages that `passages` lets through; null when there is none for
 * this viewer.
 */
export async function findReadable(
  db: WallTransaction,
  where: Prisma.BriefingWhereUniqueInput,
  passages: Prisma.PassageWhereInput,
): Promise<WholeRow | null> {
  const row = await db.briefing.findUnique({ where, include: whole(passages) });
  if (!row) return null;
  const [bodies, texts] = [
    row.editions.filter(({ body }) => mentions(body)),
    row.passages.filter(({ text }) => mentions(text)),
  ];
  return withFigures(row, [
    ...(bodies.length === 0
      ? []
      : await db.editionPlacement.findMany({ where: { briefingId: row.id }, include: { picture } })),
    ...(texts.length === 0
      ? []
      : await db.passagePlacement.findMany({
          where: { passageId: { in: texts.map(({ id }) => id) } },
          include: { picture },
        })),
  ]);
}

/** May this text show a picture? Most do not, and then nobody looks for one. */
const mentions = (text: string | null): boolean => text !== null && text.includes('![');

const withFigures = (
  row: Row,
  placed: readonly { readonly name: string; readonly picture: PictureRow }[],
): WholeRow => ({ ...row, figures: new Map(placed.map((one) => [one.name, one.picture])) });

/** Rows as one content, the shape of files and revisions. Holds the passages the rows hold, no more. */
export function contentOf(row: WholeRow): BriefingContent {
  const chosen = <Value>(name: Choice, value: Value) => (row.unchosen.includes(name) ? null : value);
  return {
    slug: row.slug,
    formerly: row.formerSlugs.map(({ slug }) => slug),
    state: toSlug(row.state),
    published: row.publishedAt,
    early: embargoOf(row),
    updated: row.updatedAt,
    type: chosen('type', toSlug(row.type)),
    category: row.categorySlug,
    domain: chosen('domain', toSlug(row.domain)),
    impact: chosen('impact', row.impact),
    confidence: chosen('confidence', row.confidence.times(100).toNumber()),
    relevance: chosen('relevance', row.relevance),
    horizon: chosen('horizon', row.horizon),
    sources: row.sources.map(({ key, url, risk }) => ({ key, url, risk })),
    organizations: row.organizations.map(({ organization: { slug, name, url } }) => ({ key: slug, name, url })),
    ...ownTiers(row.passages),
    cover: row.cover && plain(row.cover),
    figures: Object.fromEntries([...row.figures].map(([name, one]) => [name, plain(one)])),
    original: row.originalLang,
    editions: Object.fromEntries(row.editions.map(({ lang }) => [lang, editionOf(row, lang)])),
  };
}

const plain = ({ id, format, width, height }: PictureRow): Picture => ({ id, format, width, height });

/** For whom a row is published first; null where it is for nobody. */
export function embargoOf({
  earlyTier,
  earlyUntil,
}: {
  readonly earlyTier: string | null;
  readonly earlyUntil: Date | null;
}): BriefingContent['early'] {
  return earlyTier === null || earlyUntil === null ? null : { tier: earlyTier, until: earlyUntil };
}

/** Which of these passages are stricter than their kind, and until when. */
function ownTiers(passages: WholeRow['passages']): Pick<BriefingContent, 'stricter' | 'until'> {
  const named = passages.map((row) => ({ ...row, name: `${toSlug(row.kind)}/${row.key}` }));
  return {
    stricter: Object.fromEntries(named.flatMap(({ name, tierSlug }) => (tierSlug === null ? [] : [[name, tierSlug]]))),
    until: Object.fromEntries(named.flatMap(({ name, tierUntil }) => (tierUntil === null ? [] : [[name, tierUntil]]))),
  };
}

function editionOf(row: WholeRow, lang: string): EditionContent {
  const edition = row.editions.find((one) => one.lang === lang)!;
  const ofLang = <Row extends { lang: string }>(rows: readonly Row[]) => rows.filter((one) => one.lang === lang);
  const lists = new Map<string, string[]>();
  for (const { list, text } of ofLang(row.listItems)) {
    const name = toSlug(list);
    lists.set(name, [...(lists.get(name) ?? []), text]);
  }
  return {
    title: edition.title,
    summary: edition.summary,
    lead: edition.lead,
    topic: edition.topic,
    coverAlt: edition.coverAlt,
    explanations: Object.fromEntries(ofLang(row.explanations).map(({ axis, text }) => [axis, text])),
    facts: Object.fromEntries(ofLang(row.facts).map(({ kind, value }) => [toSlug(kind), value])),
    lists: Object.fromEntries(lists),
    sources: Object.fromEntries(
      row.sources.flatMap(({ key, texts }) =>
        ofLang(texts).map(({ title, description }) => [key, { title, description }]),
      ),
    ),
    body: edition.body ?? '',
    passages: ofLang(row.passages).map(({ kind, key, text }) => ({ kind: toSlug(kind), key, text })),
  };
}

/** A revision as it was, passages included; null when there is none of that number. For the desk. */
export async function findRevision(
  db: WallTransaction,
  briefingId: string,
  number: number,
): Promise<{
  readonly content: BriefingContent;
  readonly createdAt: Date;
  readonly authorId: string | null;
  readonly origin: string;
} | null> {
  const row = await db.revision.findUnique({ where: { briefingId_number: { briefingId, number } } });
  if (!row) return null;
  const content = await keptContent(db, row.content, {
    briefingId,
    fromRevision: { lte: number },
    OR: [{ untilRevision: null }, { untilRevision: { gt: number } }],
  });
  return { content, createdAt: row.createdAt, authorId: row.authorId, origin: row.origin };
}

/** What a revision or a restore point keeps in public, whole again with its passages. For the desk. */
export async function keptContent(
  db: WallTransaction,
  json: unknown,
  where: Prisma.PassageWhereInput,
): Promise<BriefingContent> {
  const passages = await db.passage.findMany({ where, orderBy: { position: 'asc' } });
  const kept = json as Omit<BriefingContent, 'stricter' | 'until' | 'early' | 'figures' | 'published' | 'updated'> & {
    readonly figures?: BriefingContent['figures'];
    readonly early?: { readonly tier: string; readonly until: string } | null;
    readonly published: string | null;
    readonly updated: string | null;
  };
  return {
    ...kept,
    figures: kept.figures ?? {},
    category: (await movedCategory(db, kept.category)) ?? kept.category,
    published: kept.published === null ? null : new Date(kept.published),
    early: kept.early ? { tier: kept.early.tier, until: new Date(kept.early.until) } : null,
    updated: kept.updated === null ? null : new Date(kept.updated),
    ...ownTiers(passages),
    editions: Object.fromEntries(
      Object.entries(kept.editions).map(([lang, edition]) => [
        lang,
        {
          ...edition,
          passages: passages
            .filter((one) => one.lang === lang)
            .map(({ kind, key, text }) => ({ kind: toSlug(kind), key, text })),
        },
      ]),
    ),
  };
}
