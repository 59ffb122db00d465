import type { AccountFrame } from '../accounts/own/page-types';
import type { Paging } from '../briefings/reading/page-types';

export interface GiftLine {
  /** The briefing's title; in its place a sentence where it is there no more. */
  readonly title: string;
  readonly href: string | null;
  readonly times: string;
  readonly opened: string;
  /** `Open`, `Ended`, `Revoked`. */
  readonly state: string;
  /** Where it is revoked; null: it has ended. */
  readonly revoke: string | null;
  /** For readers who hear one button after the other. */
  readonly revokeLabel: string;
}

export interface GiftsPage {
  readonly frame: AccountFrame;
  /** How many may be made still, or who may make them. */
  readonly allowance: string;
  /** Where it is said what that tier costs; null for whoever has it. */
  readonly pricing: { readonly label: string; readonly href: string } | null;
  readonly gifts: readonly GiftLine[];
  readonly paging: Paging | null;
}

export interface NewGiftPage {
  readonly frame: AccountFrame;
  readonly title: string;
  readonly briefing: string;
  readonly action: string;
  readonly allowance: string;
  /** Why none can be made now; null: one can. */
  readonly error: string | null;
  readonly named: boolean;
  readonly namedLabel: string;
  readonly back: { readonly label: string; readonly href: string };
}

/** Shown once, in answer to its making. */
export interface MadeGiftPage {
  readonly frame: AccountFrame;
  readonly title: string;
  readonly address: string;
  readonly until: string;
  readonly back: string;
}

export interface RevokeGiftPage {
  readonly frame: AccountFrame;
  readonly question: string;
  readonly action: string;
  readonly back: string;
}
