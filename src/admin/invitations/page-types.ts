import type { AdminField, AdminButton, AdminFrame, FilterForm, Steps } from '../page-types';

/** Somebody who works here. */
export interface StaffLine {
  readonly href: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  /** What keeps the role from being in force; null: nothing. */
  readonly waits: string | null;
  readonly actions: readonly { readonly label: string; readonly href: string; readonly hiddenText: string }[];
}

export interface InvitationLine {
  readonly email: string;
  readonly role: string;
  readonly state: string;
  readonly waiting: boolean;
  /** When, by whom, until when: each a sentence. */
  readonly notes: readonly string[];
  readonly actions: readonly { readonly label: string; readonly href: string; readonly hiddenText: string }[];
}

/** `/admin/staff`: who works here, and who was invited to. */
export interface StaffPage {
  readonly frame: AdminFrame;
  readonly inviteHref: string;
  readonly staff: readonly StaffLine[];
  /** The same among the members, where there are more than are shown; null: there are not. */
  readonly allHref: string | null;
  readonly filter: FilterForm;
  readonly invitations: readonly InvitationLine[];
  readonly steps: Steps;
}

/** `/admin/staff/invite`. */
export interface InvitePage {
  readonly frame: AdminFrame;
  readonly back: string;
  readonly action: string;
  readonly error: string | null;
  readonly fields: readonly AdminField[];
  readonly hidden: AdminButton['hidden'];
}
