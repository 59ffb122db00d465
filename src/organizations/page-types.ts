import type { BriefingCard, LocalizedText, OpenPassage, Paging } from '../briefings/reading/page-types';
import type { Drawing, Node } from './network';

/** An address elsewhere, and how it is shown. */
export interface OutsideLink {
  readonly href: string;
  readonly host: string;
}

/** What an organization's page prints. */
export interface OrganizationPage {
  readonly slug: string;
  readonly name: string;
  /** Its own site: the address, and how it is shown. */
  readonly site: OutsideLink | null;
  /** What the desk says of it. */
  readonly description: LocalizedText | null;
  readonly links: readonly OutsideLink[];
  /** Under which registers know it: `LEI`, the identifier, and where it is looked up. */
  readonly identifiers: readonly { readonly name: string; readonly value: string; readonly href: string }[];
  /** `7 briefings`. */
  readonly count: string;
  readonly briefings: readonly {
    readonly card: BriefingCard;
    /** Each with the name of its kind; empty where all on the page are of one. */
    readonly notes: readonly { readonly name: string; readonly text: OpenPassage }[];
    /** `9 linked-organization notes for Strategy Circle`, tier by tier. */
    readonly locked: readonly string[];
  }[];
  /** Null where it appears with nobody. */
  readonly network:
    | (Omit<Drawing, 'nodes'> & {
        readonly description: string;
        readonly nodes: readonly (Node & { readonly href: string; readonly briefings: string })[];
      })
    | null;
  readonly paging: Paging | null;
}
