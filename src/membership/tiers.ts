import { usualDirection } from '../lib/direction';
import { textsIn, type Language } from '../lib/language';
import { markPhrase, unmarked } from '../lib/marked';
import type { Prisma } from '../stores/prisma/client';
import type { WallTransaction } from '../stores/postgres/wall';

const withTexts = { texts: true } satisfies Prisma.TierInclude;

/** A tier with its texts in every language it has. Prices are in the smallest unit of its currency. */
export type TierRow = Prisma.TierGetPayload<{ include: typeof withTexts }>;

/** A tier in one language. */
export interface TierTexts {
  readonly slug: string;
  readonly name: string;
  readonly blurb: string;
  readonly benefits: readonly string[];
  /** What is said where one joins it; null: said in general words, with its name. */
  readonly joinLabel: string | null;
  readonly joinHeading: string | null;
  readonly joinText: string | null;
}

/** The signs a tier can have: cases of views/partials/emblem.ejs. */
export const EMBLEMS = ['lozenge', 'ring', 'rings'] as const;

/** How one comes by a tier: by joining, by paying, or by being given it. */
export const WAYS_IN = ['free', 'paid', 'invitation'] as const;
export type WayIn = (typeof WAYS_IN)[number];

/** Has it a price? What has none is not sold, whether or not it is meant to be. */
export const isPriced = ({ monthlyCents, yearlyCents }: Pick<TierRow, 'monthlyCents' | 'yearlyCents'>): boolean =>
  monthlyCents !== null || yearlyCents !== null;

/**
 * How somebody who does not have the tier can come by it now: `invitation` also where it is retired, or is to be paid
 * for and has no price yet. Of the tier that everybody reads it is `free`.
 */
export function wayInto(tier: Pick<TierRow, 'joining' | 'retiredAt' | 'monthlyCents' | 'yearlyCents'>): WayIn {
  if (tier.retiredAt !== null) return 'invitation';
  if (tier.joining === 'paid') return isPriced(tier) ? 'paid' : 'invitation';
  return tier.joining === 'free' ? 'free' : 'invitation';
}

/** Is it the tier that is free to join? */
export const isFreeToJoin = (tier: Pick<TierRow, 'rank' | 'joining' | 'retiredAt'>): boolean =>
  tier.rank > 0 && tier.joining === 'free' && tier.retiredAt === null;

/** Every tier, lowest first. */
export function findTiers(db: WallTransaction): Promise<TierRow[]> {
  return db.tier.findMany({ include: withTexts, orderBy: { rank: 'asc' } });
}

/** The name a tier has now in this language; its slug where there is no such tier. */
export async function nameOfTier(db: WallTransaction, slug: string, language: Language): Promise<string> {
  const row = await db.tier.findUnique({ where: { slug }, include: withTexts });
  return row ? tierTextsIn(row, language).name : slug;
}

/** The way into a tier, by the name it has now; a sentence of its own as long as it says that name. */
export function joinLabel({ name, joinLabel: own }: Pick<TierTexts, 'name' | 'joinLabel'>, { say }: Language): string {
  return own !== null && unmarked(own).includes(unmarked(name)) ? own : say('gate.join', { tier: name });
}

/**
 * A tier in the reader's language, or in another that has it (`textsIn`): nothing else names a tier. A text in another
 * language carries the mark that says in which, and which way it runs (src/lib/marked.ts).
 */
export function tierTextsIn({ slug, texts }: TierRow, { code, firstCode }: Language): TierTexts {
  const best = textsIn(texts, code, firstCode);
  if (!best) return { slug, name: slug, blurb: '', benefits: [], joinLabel: null, joinHeading: null, joinText: null };
  const { lang } = best;
  const marked = (text: string): string =>
    lang === code || text === '' ? text : markPhrase(text, { code: lang, dir: usualDirection(lang) });
  const perhaps = (text: string | null): string | null => (text === null ? null : marked(text));
  return {
    slug,
    name: marked(best.name),
    blurb: marked(best.blurb),
    benefits: best.benefits.map(marked),
    joinLabel: perhaps(best.joinLabel),
    joinHeading: perhaps(best.joinHeading),
    joinText: perhaps(best.joinText),
  };
}
