import { visibilityFilter } from '../../access/briefings';
import { readable, type Matrix } from '../../access/matrix';
import { visitor, type Viewer } from '../../access/viewer';
import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import { correctionsOf } from '../corrections';
import { type BriefingContent, type EditionContent, type Picture } from '../content';
import { eachChoice, eachText, type Choice } from '../fields';
import { toSlug, toEnum } from '../vocabulary';

/**
 * The first wall: the rows of `passages` the rule opens for this viewer, current ones only; by a gift those of the one
 * briefing alone.
 */
export function readablePassages(matrix: Matrix, viewer: Viewer, moment: Date): Prisma.PassageWhereInput {
  const { kinds, tiers, now } = readable(matrix, viewer, moment);
  return {
    untilRevision: null,
    ...(viewer.gift === undefined ? {} : { briefingId: viewer.gift }),
    kind: { in: kinds.map(toEnum) },
    OR: [{ tierSlug: null }, { tierSlug: { in: tiers } }, { tierUntil: { lte: now } }],
  };
}

/** The first wall for briefings: the rows that are there for this viewer. */
export function whereVisible(matrix: Pick<Matrix, 'tiers'>, viewer: Viewer, moment: Date): Prisma.BriefingWhereInput {
  const { tiers, now } = visibilityFilter(matrix, viewer, moment);
  const visible = {
    state: 'published' as const,
    publishedAt: { lte: now },
    OR: [{ earlyTier: null }, { earlyTier: { in: tiers } }, { earlyUntil: { lte: now } }],
  };
  if (viewer.gift === undefined) return visible;
  return { OR: [{ id: viewer.gift, ...visible }, whereVisible(matrix, visitor, moment)] };
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
    authors: { orderBy: { position: 'asc' }, include: { author: { select: { slug: true, name: true } } } },
    passages: { where: passages, orderBy: { position: 'asc' } },
  }) satisfies Prisma.BriefingInclude;

type Row = Prisma.BriefingGetPayload<{ include: ReturnType<typeof whole> }>;

/** The same with what stands around it on its page. */
const withSurroundings = (passages: Prisma.PassageWhereInput) =>
  ({
    ...whole(passages),
    category: { include: { texts: true } },
    corrections: correctionsOf,
  }) satisfies Prisma.BriefingInclude;

/**
 * A briefing's rows, with the pictures of its texts by name: to the desk all its files, to a reader what stands in the
 * texts at hand.
 */
export type WholeRow = Row & { readonly figures: ReadonlyMap<string, PictureRow> };

/** A briefing as readers' pages show it. */
export type ReadableRow = WholeRow & Prisma.BriefingGetPayload<{ include: ReturnType<typeof withSurroundings> }>;

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
): Promise<ReadableRow | null> {
  const row = await db.briefing.findUnique({ where, include: withSurroundings(passages) });
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

const withFigures = <Found extends Row>(
  row: Found,
  placed: readonly { readonly name: string; readonly picture: PictureRow }[],
): Found & WholeRow => ({ ...row, figures: new Map(placed.map((one) => [one.name, one.picture])) });

/** Rows as one content, the shape of files and revisions. Holds the passages the rows hold, no more. */
export function contentOf(row: WholeRow): BriefingContent {
  return {
    slug: row.slug,
    formerly: row.formerSlugs.map(({ slug }) => slug),
    state: toSlug(row.state),
    published: row.publishedAt,
    early: embargoOf(row),
    updated: row.updatedAt,
    category: row.categorySlug,
    ...choicesOf(row),
    sources: row.sources.map(({ key, url, risk }) => ({ key, url, risk })),
    organizations: row.organizations.map(({ organization: { slug, name, url } }) => ({ key: slug, name, url })),
    authors: row.authors.map(({ author: { slug, name } }) => ({ key: slug, name })),
    ...ownTiers(row.passages),
    cover: row.cover && plain(row.cover),
    figures: Object.fromEntries([...row.figures].map(([name, one]) => [name, plain(one)])),
    original: row.originalLang,
    editions: Object.fromEntries(row.editions.map(({ lang }) => [lang, editionOf(row, lang)])),
  };
}

/** What has been chosen: words in the spelling of files, scores in hundredths. */
function choicesOf(row: WholeRow): Pick<BriefingContent, Choice> {
  return eachChoice(({ name }) => {
    if (row.unchosen.includes(name)) return null;
    const value = row[name];
    return typeof value === 'string' ? toSlug(value) : value.times(100).toNumber();
  }) as Pick<BriefingContent, Choice>;
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
export function ownTiers(passages: WholeRow['passages']): Pick<BriefingContent, 'stricter' | 'until'> {
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
    ...eachText(({ property }) => edition[property]),
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

/** What JSON says in another way, or did not say when there was none of it. */
export type Later = 'stricter' | 'until' | 'early' | 'figures' | 'authors' | 'published' | 'updated';

/** Passages in the order they stand in. */
export function findPassages(db: WallTransaction, where: Prisma.PassageWhereInput): Promise<WholeRow['passages']> {
  return db.passage.findMany({ where, orderBy: { position: 'asc' } });
}
