import type { Language } from '../../lib/language';
import type { Prisma } from '../../stores/prisma/client';
import type { Viewer } from '../../access/viewer';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { confidenceView } from '../confidence';
import type { BriefingCard, LocalizedText, Step } from './page-types';
import { smallPicture } from '../pictures/queries';
import { whereVisible, picture } from './rows';
import type { ListPlace } from './counts';
import { LocaleFallback } from './localized';
import { longNameOf, nameOf, offered, type BriefingShape, type Word } from '../../site/shape/shape';
import { toSlug } from '../vocabulary';

/** What a card needs of a briefing: public rows only. */
const card = {
  id: true,
  slug: true,
  type: true,
  publishedAt: true,
  updatedAt: true,
  confidence: true,
  impact: true,
  originalLang: true,
  categorySlug: true,
  category: { select: { texts: { select: { lang: true, name: true } } } },
  cover: picture,
  editions: { select: { lang: true, title: true, summary: true, coverAlt: true } },
} satisfies Prisma.BriefingSelect;

export type CardRow = Prisma.BriefingGetPayload<{ select: typeof card }>;

/** Newest first, and always in the same order. */
const NEWEST = [{ publishedAt: 'desc' }, { slug: 'asc' }] satisfies Prisma.BriefingOrderByWithRelationInput[];

/** Which briefings are there for this viewer now, as every list asks it. Drafts are in none, whoever asks. */
export async function openTo(db: WallTransaction, viewer: Viewer): Promise<Prisma.BriefingWhereInput> {
  const tiers = db.tier.findMany({ select: { slug: true, rank: true } });
  const [known, now] = await Promise.all([tiers, momentOf(db)]);
  return whereVisible({ tiers: known }, viewer, now);
}

/** Cards of the briefings that `open` (see `openTo`) lets through, newest first. */
export async function findCards(
  db: WallTransaction,
  open: Prisma.BriefingWhereInput,
  where: Prisma.BriefingWhereInput,
  take: number,
  skip = 0,
): Promise<CardRow[]> {
  return loadCards(db, await findIds(db, open, where, take, skip));
}

/** Which briefings those are. */
export async function findIds(
  db: WallTransaction,
  open: Prisma.BriefingWhereInput,
  where: Prisma.BriefingWhereInput,
  take: number,
  skip = 0,
): Promise<string[]> {
  const filter = { where: { ...where, AND: open }, select: { id: true }, orderBy: NEWEST, take, skip };
  return (await db.briefing.findMany(filter)).map(({ id }) => id);
}

/**
 * The cards of these briefings, in that order. Apart from finding them: a question with a limit is planned anew each
 * time where there are many briefings, and this is the long one.
 */
export async function loadCards(db: WallTransaction, ids: readonly string[]): Promise<CardRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.briefing.findMany({ where: { id: { in: [...ids] } }, select: card });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The cards of one page of a list, as `placeInList` found where it begins. */
export function findPage(
  db: WallTransaction,
  open: Prisma.BriefingWhereInput,
  where: Prisma.BriefingWhereInput,
  { before, skip }: NonNullable<ListPlace['begins']>,
  size: number,
): Promise<CardRow[]> {
  return findCards(db, open, { ...where, ...(before && { publishedAt: { lt: before } }) }, size, skip);
}

/** How many briefings `open` lets through, counted one by one: for what no count is kept of. */
export function countCards(
  db: WallTransaction,
  open: Prisma.BriefingWhereInput,
  where: Prisma.BriefingWhereInput,
): Promise<number> {
  return db.briefing.count({ where: { ...where, AND: open } });
}

export function cardView(row: CardRow, language: Language, shape: BriefingShape): BriefingCard {
  const fallback = new LocaleFallback(
    language.code,
    row.originalLang,
    row.editions.map(({ lang }) => lang),
  );
  const edition = (lang: string) => row.editions.find((one) => one.lang === lang);
  return {
    href: briefingPath(language, row.slug),
    title: fallback.text((lang) => edition(lang)?.title) ?? { text: row.slug, lang: null },
    summary: fallback.text((lang) => edition(lang)?.summary),
    type: nameOf(shape.types, toSlug(row.type), language),
    category: categoryLabel(row.categorySlug, row.category.texts, language),
    published: formatDay(row.publishedAt!, language),
    confidence: confidenceView(row.confidence.times(100).toNumber(), language, shape),
    impact: {
      ...stepOf(shape.impact, toSlug(row.impact)),
      label: longNameOf(shape.impact, toSlug(row.impact), language),
    },
    cover: row.cover && {
      ...smallPicture(
        row.cover,
        row.cover.sizes.map(({ width }) => width),
      ),
      width: row.cover.width,
      height: row.cover.height,
      alt: fallback.text((lang) => edition(lang)?.coverAlt) ?? { text: '', lang: null },
    },
  };
}

export function briefingPath(language: Pick<Language, 'prefix'>, slug: string): string {
  return `${language.prefix}/briefings/${slug}`;
}

export function categoryPath(language: Pick<Language, 'prefix'>, slug: string, page = 1): string {
  return `${language.prefix}/categories/${slug}${page > 1 ? `?page=${page}` : ''}`;
}

export function authorPath(language: Pick<Language, 'prefix'>, slug: string, page = 1): string {
  return `${language.prefix}/authors/${slug}${page > 1 ? `?page=${page}` : ''}`;
}

export function organizationPath(language: Pick<Language, 'prefix'>, slug: string, page = 1): string {
  return `${language.prefix}/organizations/${slug}${page > 1 ? `?page=${page}` : ''}`;
}

export function formatDay(time: Date, language: Language): { iso: string; text: string } {
  return { iso: time.toISOString(), text: language.day(time) };
}

/** A moment to come as readers are told of it: day and time, and in which zone. Seconds only where there are any. */
export function formatInstant(time: Date, language: Pick<Language, 'longMoment'>): { iso: string; text: string } {
  return { iso: time.toISOString(), text: language.longMoment(time) };
}

/** The place of a word on its scale: of those on offer, and itself where it is offered no more. */
export function stepOf(words: readonly Word[], slug: string): Pick<Step, 'step' | 'of'> {
  const steps = offered(words, slug);
  return { step: steps.findIndex((one) => one.slug === slug) + 1, of: steps.length };
}

/** A category's name and address. A category has no original language: any other serves when one is missing. */
export function categoryLabel(
  slug: string,
  texts: readonly { lang: string; name: string }[],
  language: Language,
): { name: LocalizedText; href: string } {
  const fallback = new LocaleFallback(
    language.code,
    language.code,
    texts.map(({ lang }) => lang),
  );
  return {
    name: fallback.text((lang) => texts.find((one) => one.lang === lang)?.name) ?? { text: slug, lang: null },
    href: categoryPath(language, slug),
  };
}
