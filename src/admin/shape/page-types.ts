import type { AdminButton, AdminField, AdminFrame, Known, PastChangeView } from '../page-types';

interface Link {
  readonly label: string;
  readonly href: string;
}

/** A word in the list of its group. */
export interface WordLine {
  readonly slug: string;
  readonly name: string;
  readonly marks: readonly string[];
  /** What it is called in each other language; null: nothing, so that readers get the first one's. */
  readonly names: readonly { readonly lang: string; readonly language: string; readonly name: string | null }[];
  readonly facts: readonly Known[];
  readonly uses: string;
  /** Where no tier opens a kind: says so, and where one is chosen. */
  readonly gate: { readonly text: string; readonly link: Link } | null;
  readonly moves: readonly (AdminButton & { readonly way: 'up' | 'down' })[];
  readonly actions: readonly Link[];
}

export interface WordGroup {
  readonly group: string;
  readonly heading: string;
  readonly text: string;
  readonly make: Link | null;
  readonly words: readonly WordLine[];
}

/** What a briefing is made of, group by group. */
export interface ShapePage {
  readonly frame: AdminFrame;
  readonly text: string;
  readonly groups: readonly WordGroup[];
  readonly history: readonly PastChangeView[];
}

/** A word that is made or said in other words, as a form. */
export interface WordPage {
  readonly frame: AdminFrame;
  readonly back: Link;
  readonly heading: string;
  readonly slug: string | null;
  readonly text: string;
  readonly error: string | null;
  readonly action: string;
  readonly fields: readonly AdminField[];
  readonly languages: readonly {
    readonly name: string;
    readonly hint: string;
    readonly fields: readonly AdminField[];
  }[];
  readonly hidden: AdminButton['hidden'];
  readonly submit: string;
}
