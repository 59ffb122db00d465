/** One field of a small form. */
export type ActField =
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly label: string;
      readonly options: readonly { readonly value: string; readonly label: string; readonly chosen?: boolean }[];
    }
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly label: string;
      readonly value: number;
      readonly most: number;
    }
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly hint?: string;
    };

/** One thing that can be done, with its button. */
export interface Act {
  readonly action: string;
  readonly fields: readonly ActField[];
  /** Sent with the form, not shown. */
  readonly hidden?: readonly { readonly name: string; readonly value: string }[];
  readonly submit: string;
  /** What the button does to whom, where its words alone do not say it. */
  readonly about?: string;
  /** It cannot be taken back. */
  readonly grave?: boolean;
}

/** Acts that belong together, under a heading. */
export interface ActGroup {
  readonly id: string;
  readonly heading: string;
  readonly intro: string;
  readonly acts: readonly Act[];
}

/** What every page of the dashboard carries. */
export interface ControlFrame {
  readonly heading: string;
  readonly tabs: readonly { readonly href: string; readonly label: string; readonly current: boolean }[];
  readonly done: string | null;
  readonly error: string | null;
}

/** A label and what it says; `href` where that can be looked at. */
export interface ControlFact {
  readonly label: string;
  readonly text: string;
  readonly href?: string | null;
}

/** One row of a list: a name that leads somewhere, what is said of it, and its state. */
export interface ControlRow {
  readonly href: string;
  readonly name: string;
  readonly note: string;
  readonly state: string | null;
}

export interface OverviewPage {
  readonly frame: ControlFrame;
  readonly now: string;
  readonly ahead: string;
  readonly clock: readonly Act[];
  readonly subscriptions: readonly ControlRow[];
  readonly facts: readonly ControlFact[];
}

export interface SubscriptionPage {
  readonly frame: ControlFrame;
  readonly back: { readonly href: string; readonly label: string };
  readonly status: string;
  readonly facts: readonly ControlFact[];
  readonly groups: readonly ActGroup[];
  readonly invoices: readonly ControlRow[];
  readonly charges: readonly { readonly row: ControlRow; readonly acts: readonly Act[] }[];
}

/** One event with its ways to the endpoints. */
export interface EventRow {
  readonly id: string;
  readonly href: string;
  readonly type: string;
  readonly about: string;
  readonly at: string;
  readonly pending: boolean;
  readonly redeliver: Act;
  readonly deliveries: readonly {
    readonly number: number;
    readonly state: string;
    readonly stateLabel: string;
    readonly endpoint: string;
    readonly tries: string;
    readonly next: string | null;
    readonly drop: Act | null;
  }[];
}

export interface WebhooksPage {
  readonly frame: ControlFrame;
  readonly standing: string;
  readonly groups: readonly ActGroup[];
  readonly endpoints: readonly ControlRow[];
  readonly events: readonly EventRow[];
  readonly more: string | null;
}

export interface ShelvesPage {
  readonly frame: ControlFrame;
  readonly kinds: readonly { readonly href: string; readonly name: string; readonly count: string }[];
}

export interface ShelfPage {
  readonly frame: ControlFrame;
  readonly back: { readonly href: string; readonly label: string };
  readonly kind: string;
  readonly objects: readonly ControlRow[];
  readonly more: string | null;
}

export interface ObjectPage {
  readonly frame: ControlFrame;
  readonly back: { readonly href: string; readonly label: string };
  readonly json: string;
  readonly related: readonly ControlFact[];
}
