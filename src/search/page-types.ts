import type { BriefingCard, Link, Paging } from '../briefings/reading/page-types';
import type { Segment } from './snippets';

/** A text in pieces. `lang` is set only where it is not in the page's language. */
export interface MarkedText {
  readonly segments: readonly Segment[];
  readonly lang: string | null;
}

/** One briefing that was found. */
export interface ResultView {
  readonly card: BriefingCard;
  readonly title: MarkedText;
  readonly summary: MarkedText | null;
  /** Where what was looked for stands besides: `Sources`, `Deeper trend context`. */
  readonly snippets: readonly (MarkedText & { readonly label: string })[];
  /** What stays shut in it, tier by tier: `3 more passages for Strategy Circle`. */
  readonly locked: readonly string[];
}

export interface FacetView {
  readonly name: string;
  readonly heading: string;
  readonly values: readonly (Link & { readonly count: string })[];
  /** Values beyond those that are shown at first. */
  readonly rest: readonly (Link & { readonly count: string })[];
}

export interface SearchPage {
  readonly action: string;
  readonly q: string;
  /** What is wrong with what was typed. */
  readonly error: string | null;
  /** What the form sends along: filters and the order. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  /** Nothing is looked for yet; nothing was found; or something was. */
  readonly state: 'start' | 'empty' | 'found';
  /** `12 briefings`, `1,000+ briefings`. */
  readonly count: string | null;
  /** How many of the briefings on this page hold more for members. */
  readonly holdMore: string | null;
  readonly sorts: readonly (Link & { readonly current: boolean })[];
  /** What the search is narrowed to, each leading to the search without it. */
  readonly narrowed: readonly Link[];
  /** Where a member follows this search; null: nobody is asked to. */
  readonly follow: string | null;
  readonly facets: readonly FacetView[];
  readonly results: readonly ResultView[];
  /** Words that may have been meant. */
  readonly suggestions: readonly Link[];
  readonly paging: Paging | null;
}
