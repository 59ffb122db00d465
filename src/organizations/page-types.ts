import type { BriefingCard, OpenPassage, Paging } from '../briefings/reading/page-types';
import type { Drawing, Node } from './network';

/** What an organization's page prints. */
export interface OrganizationPage {
  readonly slug: string;
  readonly name: string;
  /** Its own site: the address, and how it is shown. */
  readonly site: { readonly href: string; readonly host: string } | null;
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
