import type { Embargo } from '../../access/briefings';
import type { Axis, Horizon, Level, PictureFormat, State } from '../vocabulary';

/** One briefing, whole: what a folder of files says and what the database holds, in one shape. */
export interface BriefingContent {
  readonly slug: string;
  readonly formerly: readonly string[];
  readonly state: State;
  readonly published: Date | null;
  /** Published for a tier first; for the others from a moment on. */
  readonly early: Embargo | null;
  readonly updated: Date | null;
  /**
   * This, and each of those below that may be null, is null where nobody has chosen it yet: never in what is published.
   Type and domain are slugs of words.
   */
  readonly type: string | null;
  readonly category: string;
  readonly domain: string | null;
  readonly impact: Level | null;
  /** 0 to 100: the score in hundredths, so that no rounding ever moves it. */
  readonly confidence: number | null;
  readonly relevance: Level | null;
  readonly horizon: Horizon | null;
  readonly sources: readonly SourceContent[];
  readonly organizations: readonly OrganizationContent[];
  /** Own tiers of passages stricter than their kind, by `kind/key`. */
  readonly stricter: Readonly<Record<string, string>>;
  /** The first moments (UTC, to the second) at which these own tiers no longer count, by `kind/key`. */
  readonly until: Readonly<Record<string, Date>>;
  readonly cover: Picture | null;
  /** Pictures that its texts may name, by their file names. As far as somebody reads: those in the texts at hand. */
  readonly figures: Readonly<Record<string, Picture>>;
  /** The language whose file carries all of the above. */
  readonly original: string;
  readonly editions: Readonly<Record<string, EditionContent>>;
}

/** A picture by what it is; its bytes lie in the folder, in the table `pictures`, or in the bucket. */
export interface Picture {
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly id: string;
  readonly format: PictureFormat;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface SourceContent {
  readonly key: string;
  readonly url: string;
  readonly risk: Level;
}

export interface OrganizationContent {
  readonly key: string;
  readonly name: string;
  readonly url: string | null;
}

/** The texts of one language. What is missing is null, absent or empty. */
export interface EditionContent {
  readonly title: string | null;
  readonly summary: string | null;
  readonly lead: string | null;
  readonly topic: string | null;
  /** What the cover shows. */
  readonly coverAlt: string | null;
  readonly explanations: Readonly<Partial<Record<Axis, string>>>;
  /** By the slugs of facts. */
  readonly facts: Readonly<Record<string, string>>;
  /** By the slugs of lists. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly sources: Readonly<Record<string, { readonly title: string | null; readonly description: string | null }>>;
  /** Public Markdown, without blank lines at either end. */
  readonly body: string;
  readonly passages: readonly PassageContent[];
}

export interface PassageContent {
  /** Slug of its kind. */
  readonly kind: string;
  readonly key: string;
  readonly text: string;
}

/** What has to be chosen in a briefing, and what nobody does for its editor. */
export const CHOICES = ['type', 'domain', 'impact', 'confidence', 'relevance', 'horizon'] as const;
export type Choice = (typeof CHOICES)[number];

/** A briefing in which everything has been chosen. */
export type ChosenContent = BriefingContent & { readonly [Name in Choice]: NonNullable<BriefingContent[Name]> };

/** What nobody has chosen yet. */
export const unchosenIn = (content: Pick<BriefingContent, Choice>): Choice[] =>
  CHOICES.filter((name) => content[name] === null);

/**
 * The content as one in which everything has been chosen, as whatever is published must be.
 * @throws when something has not: it is printed nowhere.
 */
export function chosen(content: BriefingContent): ChosenContent {
  const missing = unchosenIn(content);
  if (missing.length > 0) throw new Error(`nobody has chosen ${missing.join(', ')} of ${content.slug}`);
  return content as ChosenContent;
}
