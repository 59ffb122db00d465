import type { ActionPage, AdminField, AdminFrame, PastChangeView } from '../page-types';

interface NamedTier {
  readonly slug: string;
  readonly name: string;
}

/** The matrix as a form: one choice for each kind, the tiers lowest first. */
export interface MatrixPage {
  readonly frame: AdminFrame;
  readonly action: string;
  /** What is wrong with the whole of it. */
  readonly error: string | null;
  readonly kinds: readonly {
    readonly name: string;
    readonly label: string;
    readonly facts: readonly string[];
    readonly error: string | null;
    readonly tiers: readonly (NamedTier & { readonly chosen: boolean })[];
  }[];
  readonly tiersHref: string;
  readonly history: readonly PastChangeView[];
}

export interface ShiftLine {
  readonly kind: string;
  readonly what: string;
  readonly was: NamedTier;
  readonly will: NamedTier;
  /** Who reads more or less for it, in a sentence, and by rank. */
  readonly members: string;
  readonly ranks: readonly string[];
}

/** What a change of the matrix opens and closes, before it is made. */
export interface MatrixChangePage {
  readonly frame: AdminFrame;
  readonly back: string;
  readonly error: string | null;
  readonly opens: readonly ShiftLine[];
  readonly closes: readonly ShiftLine[];
  readonly stays: readonly string[];
  readonly happens: readonly string[];
  /** Said loudest of all, and to be ticked: what anybody could read. */
  readonly open: {
    readonly heading: string;
    readonly points: readonly string[];
    readonly label: string;
    readonly ticked: boolean;
    readonly error: string | null;
  } | null;
  readonly sure: Omit<NonNullable<ActionPage['sure']>, 'fields'> & { readonly reason: AdminField };
}
