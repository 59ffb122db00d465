/** What stands around every admin section. */
export interface AdminFrame {
  readonly label: string;
  readonly heading: string;
  /** The sections one may enter, in groups; none of them is empty. */
  readonly groups: readonly {
    readonly label: string;
    readonly tabs: readonly { readonly label: string; readonly href: string; readonly current: boolean }[];
  }[];
  /** What is wrong with how this Dossier is run, in a sentence. */
  readonly warning: string | null;
  /** What has just been done, in a sentence. */
  readonly done: string | null;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

/** One field of a form of these sections: options make it a choice, `long` a text of several lines. */
export interface AdminField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'search' | 'date' | 'select' | 'long';
  readonly value: string;
  readonly hint: string | null;
  readonly error: string | null;
  readonly options: readonly Option[];
}

/** A form that asks for a part of a list. */
export interface FilterForm {
  readonly action: string;
  readonly fields: readonly AdminField[];
  /** The same address with nothing asked for; null where nothing is. */
  readonly all: string | null;
}

/** A button that sends what it was made with. */
export interface AdminButton {
  readonly action: string;
  readonly label: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
}

export interface Steps {
  readonly previous: string | null;
  readonly next: string | null;
}

export interface MemberLine {
  readonly href: string;
  readonly name: string;
  readonly email: string;
  /** How far they read now. */
  readonly reads: { readonly slug: string | null; readonly name: string };
  readonly role: string | null;
  readonly marks: readonly string[];
  readonly joined: string;
  readonly lang: string;
}

export interface MembersPage {
  readonly frame: AdminFrame;
  readonly filter: FilterForm;
  readonly count: string;
  readonly members: readonly MemberLine[];
  readonly steps: Steps;
  readonly exports: AdminButton | null;
}

export interface SubscribersPage {
  readonly frame: AdminFrame;
  readonly intro: string;
  readonly filter: FilterForm;
  readonly count: string;
  readonly rows: readonly {
    readonly email: string;
    readonly list: string;
    readonly categories: string;
    readonly lang: string;
    readonly since: string;
    /** That nothing is sent there, since it is refused for good. */
    readonly refused: string | null;
    /** Why no letter goes there: one came back, or was complained of. */
    readonly blocked: string | null;
    /** The ways to let letters go there again, and to remove it; null for whoever may not. */
    readonly lift: string | null;
    readonly remove: string | null;
  }[];
  readonly steps: Steps;
  readonly exports: AdminButton | null;
}

/** A line of what is known, with its name. */
export interface Known {
  readonly label: string;
  readonly text: string;
}

/** A stretch of the timeline, in thousandths of its width; `mark` is a moment. */
export interface Stretch {
  readonly from: number;
  readonly width: number;
  readonly mark: boolean;
}

export interface TimelineRow {
  readonly tier: { readonly slug: string; readonly name: string };
  readonly source: string;
  readonly period: string;
  readonly verdict: string;
  readonly counts: boolean;
  readonly notes: readonly string[];
  readonly bar: Stretch;
  readonly links: readonly { readonly label: string; readonly href: string; readonly hiddenText: string }[];
}

/** Something that happened, at its place on the timeline. */
export interface MemberEvent {
  readonly at: string;
  readonly iso: string;
  readonly what: string;
  readonly place: number;
  readonly kind: 'payment' | 'letter' | 'action';
}

export interface MemberPage {
  readonly frame: AdminFrame;
  readonly back: string;
  readonly facts: readonly Known[];
  /** As the member is told it. */
  readonly accessText: string;
  readonly changes: string | null;
  readonly timeline: {
    readonly begins: string;
    readonly ends: string;
    readonly now: number;
    readonly rows: readonly TimelineRow[];
  };
  readonly events: readonly MemberEvent[];
  /** The way to what can be done about payments; null for whoever may not. */
  readonly billingHref: string | null;
  readonly subscriptions: readonly {
    readonly name: string;
    readonly lines: readonly string[];
    readonly status: string;
  }[];
  readonly invoices: readonly {
    readonly name: string;
    readonly at: string;
    readonly amount: string;
    readonly status: string;
  }[];
  readonly letters: readonly { readonly kind: string; readonly at: string; readonly state: string }[];
  readonly sessions: readonly { readonly device: string; readonly times: string }[];
  readonly tokens: readonly { readonly name: string; readonly times: string }[];
  readonly audit: readonly AuditLine[];
  readonly auditHref: string | null;
  readonly actions: readonly { readonly label: string; readonly href: string; readonly grave: boolean }[];
}

export interface AuditLine {
  readonly at: string;
  readonly iso: string;
  readonly actor: string;
  readonly action: string;
  readonly target: { readonly name: string; readonly href: string | null } | null;
  readonly changes: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  readonly reason: string | null;
  readonly from: string | null;
}

export interface AuditPage {
  readonly frame: AdminFrame;
  readonly filter: FilterForm;
  readonly entries: readonly AuditLine[];
  readonly steps: Steps;
  readonly exports: AdminButton;
}

/** The page that asks before something is done: first for what it needs to know, then whether it is meant. */
export interface ActionPage {
  readonly frame: AdminFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly who: { readonly name: string; readonly email: string };
  readonly text: string;
  /** Why it cannot be done; then there is no form. */
  readonly refused: string | null;
  readonly error: string | null;
  /** What is to be chosen before it can be said what will happen. */
  readonly choice: {
    readonly action: string;
    readonly fields: readonly AdminField[];
    readonly hidden: AdminButton['hidden'];
    readonly submit: string;
  } | null;
  readonly changes: readonly { readonly what: string; readonly before: string; readonly after: string }[];
  readonly happens: readonly string[];
  /** Subscriptions that are charged for whatever is done here, with the way to end each for whoever may. */
  readonly charges: readonly {
    readonly text: string;
    readonly end: { readonly label: string; readonly href: string } | null;
  }[];
  readonly sure: {
    readonly action: string;
    readonly fields: readonly AdminField[];
    readonly hidden: AdminButton['hidden'];
    readonly submit: string;
    readonly grave: boolean;
  } | null;
  /** What was changed before and can be put back, where it is a setting. */
  readonly history?: readonly PastChangeView[];
}

/** A change of a setting as its section tells of it. */
export type PastChangeView = Pick<AuditLine, 'at' | 'iso' | 'actor' | 'changes'> & {
  /** What was done, and to what; left out where the section tells of one thing alone. */
  readonly what?: { readonly action: string; readonly name: string | null };
  /** The way to the form with what was before it, or to the page that asks; null: there is none. */
  readonly restore: string | null;
  /** What takes it back at once, because that hurts nobody. */
  readonly undo?: AdminButton | null;
};
