import type { FormField } from '../page-types';

/** What stands around every section of an account. */
export interface AccountFrame {
  readonly label: string;
  readonly heading: string;
  readonly tabs: readonly { readonly label: string; readonly href: string; readonly current: boolean }[];
  /** What has just been done, in a sentence. */
  readonly done: string | null;
}

/** A form within a section. */
export interface SectionForm {
  readonly action: string;
  readonly fields: readonly FormField[];
  readonly submit: string;
}

export interface GrantView {
  readonly tier: { readonly slug: string; readonly name: string };
  readonly source: string;
  readonly period: string;
  readonly verdict: string;
  readonly counts: boolean;
}

export interface MembershipPage {
  readonly frame: AccountFrame;
  /** How far the owner reads, why, and until when. */
  readonly accessText: string;
  readonly tier: { readonly slug: string; readonly name: string; readonly blurb: string } | null;
  readonly changes: string | null;
  readonly grants: readonly GrantView[];
  readonly next: { readonly label: string; readonly href: string } | null;
  /** Where the dates of what is paid for are; null where nothing is. */
  readonly billing: { readonly label: string; readonly href: string } | null;
  /** What keeps the owner's role from being in force. */
  readonly factor: { readonly text: string; readonly href: string } | null;
  /** Where the address is to be confirmed still. */
  readonly verify: { readonly text: string; readonly action: string } | null;
  /** Where letters to the address are refused for good, and what to do. */
  readonly refused: { readonly text: string; readonly href: string; readonly label: string } | null;
}

export interface ProfilePage {
  readonly frame: AccountFrame;
  readonly profile: SectionForm;
  readonly languages: readonly { readonly code: string; readonly name: string; readonly selected: boolean }[];
  readonly address: {
    readonly email: string;
    readonly state: string;
    readonly verify: { readonly action: string; readonly label: string } | null;
    readonly pending: string | null;
    /** That letters to it are refused for good, since when, and what to do. */
    readonly refused: string | null;
  };
  readonly email: SectionForm;
}

export interface SessionView {
  readonly device: string;
  readonly since: string;
  readonly lastSeen: string;
  readonly current: boolean;
  readonly end: string;
  /** For readers who hear one button after the other. */
  readonly endLabel: string;
}

export interface SecurityPage {
  readonly frame: AccountFrame;
  readonly password: SectionForm;
  /** For whoever no longer knows it. */
  readonly reset: string;
  readonly sessions: readonly SessionView[];
  readonly endOthers: string | null;
  readonly factors: readonly { readonly label: string; readonly href: string }[];
}

export interface TokenView {
  readonly name: string;
  readonly scopes: string;
  readonly made: string;
  readonly used: string;
  readonly revoke: string;
  readonly revokeLabel: string;
}

export interface TokensPage {
  readonly frame: AccountFrame;
  readonly tokens: readonly TokenView[];
  readonly form: SectionForm;
  readonly scopes: readonly { readonly name: string; readonly label: string; readonly checked: boolean }[];
  readonly scopesError: string | null;
  readonly error: string | null;
}

/** Shown once, in answer to its making. */
export interface MadeTokenPage {
  readonly frame: AccountFrame;
  readonly name: string;
  readonly token: string;
  readonly back: string;
}

export interface FeedPage {
  readonly frame: AccountFrame;
  /** When the address that holds was made; null: there is none. */
  readonly made: string | null;
  readonly form: SectionForm;
  /** Where it is ended; null: there is none. */
  readonly end: string | null;
}

/** Shown once, in answer to its making. */
export interface MadeFeedPage {
  readonly frame: AccountFrame;
  /** As Atom and as JSON Feed, absolute. */
  readonly addresses: readonly { readonly label: string; readonly href: string }[];
  readonly back: string;
}

export interface DataPage {
  readonly frame: AccountFrame;
  readonly export: SectionForm;
  readonly goes: readonly string[];
  /** What keeps the account from being deleted, once that was tried. */
  readonly error: string | null;
  readonly form: SectionForm;
  /** Of whoever began briefings at the desk: who takes them over. */
  readonly heir: {
    readonly label: string;
    readonly hint: string;
    readonly error: string | null;
    readonly options: readonly { readonly value: string; readonly label: string; readonly selected: boolean }[];
  } | null;
}
