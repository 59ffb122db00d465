import type { AdminFrame, FilterForm, Steps } from '../page-types';

/** What the templates of `/admin/letters` print. */

/** `/admin/letters`, of which nothing is asked: what went to many, and how many letters of each stand where. */
export interface IssueCountsPage {
  readonly frame: AdminFrame;
  readonly intro: string;
  readonly filter: FilterForm;
  readonly rows: readonly {
    readonly name: string;
    readonly href: string;
    readonly state: string;
    readonly when: string;
    readonly sent: string;
    readonly failed: string;
    readonly waiting: string;
    readonly skipped: string;
  }[];
  readonly steps: Steps;
}

/** The letters that are asked for: to whom, at which tier, and what became of each. */
export interface IssueLettersPage {
  readonly frame: AdminFrame;
  readonly filter: FilterForm;
  /** The numbers of the issue that is asked for, with the way to it at the desk. */
  readonly issue: { readonly text: string; readonly href: string | null; readonly label: string } | null;
  /** How often its links were opened, briefing by briefing; null: that is not counted, and never was. */
  readonly clicks: {
    readonly text: string;
    readonly rows: readonly { readonly title: string; readonly n: string }[];
  } | null;
  readonly count: string;
  readonly rows: readonly {
    readonly email: string;
    /** The member's page; null for a subscriber, and for whoever has left. */
    readonly href: string | null;
    readonly issue: string;
    readonly state: string;
    readonly failed: boolean;
    readonly why: string | null;
    readonly tier: string;
    readonly language: string;
    readonly when: string;
  }[];
  readonly steps: Steps;
}
