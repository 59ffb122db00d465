import type { FormField } from '../accounts/page-types';
import type { AccountFrame } from '../accounts/own/page-types';
import type { DeskFrame, Link, Option } from '../desk/page-types';

/** What the templates of issues and lists print. */

/** One box to tick, or one of several to choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly checked: boolean;
}

interface Line {
  readonly name: string;
  readonly label: string;
  readonly lang: string;
  readonly value: string;
  readonly error: string | null;
}

export interface ComposePage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly submission: string;
  /** Why there is nothing to send yet; then there is no form. */
  readonly refused: string | null;
  readonly noMail: string | null;
  readonly wrong: string | null;
  readonly lists: readonly Choice[];
  readonly listsError: string | null;
  readonly tiers: readonly Choice[];
  readonly tiersError: string | null;
  readonly labels: readonly Choice[];
  readonly subjects: readonly Line[];
  readonly preheaders: readonly Line[];
  readonly when: { readonly value: string; readonly hint: string; readonly error: string | null };
  readonly as: readonly Option[];
  readonly langs: readonly Option[];
  readonly previews: readonly { readonly label: string; readonly links: readonly Link[] }[];
  /** What has been sent of this briefing before. */
  readonly before: readonly (Link & { readonly state: string })[];
}

/** The question before it is sent. */
export interface SurePage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  /** Null: nobody would get it. */
  readonly submit: string | null;
}

export interface IssuesPage {
  readonly frame: DeskFrame;
  readonly text: string;
  readonly rows: readonly {
    readonly href: string;
    readonly subject: string;
    readonly state: string;
    readonly progress: string;
    readonly when: string;
  }[];
  readonly steps: { readonly previous: string | null; readonly next: string | null };
}

export interface IssuePage {
  readonly frame: DeskFrame;
  readonly state: string;
  readonly reason: string | null;
  readonly progress: { readonly value: number; readonly of: number; readonly text: string };
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly acts: readonly { readonly label: string; readonly action: string; readonly main: boolean }[];
  readonly stop: Link | null;
  /** Whose letters went at which tier and in which language. */
  readonly sent: readonly { readonly tier: string; readonly language: string; readonly n: string }[];
  readonly failed: readonly { readonly email: string; readonly why: string; readonly state: string }[];
}

/** What of new briefings is heard of by mail, how often, and in which language. */
export interface ChoiceFields {
  readonly lists: readonly Choice[];
  readonly categories: readonly Choice[];
  readonly langs: readonly Option[];
}

/** `/subscribe`, and `/letters/choose` for whoever has done so. */
export interface SubscribePage {
  readonly label: string;
  readonly heading: string;
  readonly text: string;
  readonly action: string;
  readonly error: string | null;
  /** What has just been done. */
  readonly done?: string | null;
  readonly fields: readonly FormField[];
  /** Whose choice it is; null: whose address is typed. */
  readonly token: string | null;
  readonly choice: ChoiceFields;
  readonly submit: string;
  readonly foot: { readonly text: string; readonly link: Link } | null;
}

/** `/account/letters`. */
export interface LettersPage {
  readonly frame: AccountFrame;
  readonly action: string;
  readonly choice: ChoiceFields;
  /** Why no letter would arrive; null: nothing stands in the way. */
  readonly warning: string | null;
  readonly follows: FollowsView;
  /** The way to have the letter sent that confirms the address again, which lets letters go. */
  readonly again: { readonly action: string } | null;
}

/** What its owner follows, and what each row's buttons do. */
export interface FollowsView {
  readonly choose: string;
  readonly remove: string;
  readonly search: string;
  readonly rows: readonly (Link & { readonly id: string; readonly lists: readonly Choice[] })[];
}

/** `/account/follow`: how one wants to hear of what a search finds. */
export interface FollowPage {
  readonly frame: AccountFrame;
  readonly action: string;
  readonly query: string;
  readonly what: Link;
  readonly error: string | null;
  /** It is followed already; null: it is not. */
  readonly known: string | null;
  readonly lists: readonly Choice[];
  readonly back: Link;
}
