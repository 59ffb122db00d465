import type { AdminButton, AdminField, AdminFrame, Known, Steps } from '../../admin/page-types';

/** `/admin/import`: what was brought in, and the form that brings in more. */
export interface ImportsPage {
  readonly frame: AdminFrame;
  readonly text: readonly string[];
  readonly upload: { readonly action: string; readonly error: string | null; readonly hint: string };
  readonly prices: { readonly label: string; readonly href: string };
  readonly imports: readonly {
    readonly href: string;
    readonly name: string;
    readonly state: string;
    readonly rows: string;
    readonly at: string;
  }[];
  readonly steps: Steps;
}

/** `/admin/import/:id`: one file, what would become of its rows or did, and what can be done with it. */
export interface ImportPage {
  readonly frame: AdminFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly name: string;
  readonly facts: readonly Known[];
  readonly warning: readonly string[];
  readonly progress: { readonly text: string; readonly value: number; readonly of: number } | null;
  readonly acts: readonly { readonly label: string; readonly href: string; readonly main: boolean }[];
  readonly match: {
    readonly action: string;
    readonly error: string | null;
    readonly columns: readonly AdminField[];
    readonly others: readonly AdminField[];
    readonly values: readonly AdminField[];
    readonly letters: { readonly label: string; readonly hint: string; readonly checked: boolean } | null;
    readonly heading: string;
    readonly text: string;
    readonly given: { readonly heading: string; readonly text: string };
    readonly version: string;
    readonly submission: string;
    readonly submit: string;
  } | null;
  readonly sample: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } | null;
  readonly outcomes: readonly {
    readonly label: string;
    readonly n: string;
    readonly href: string;
    readonly current: boolean;
  }[];
  readonly rows: readonly {
    readonly line: number;
    readonly email: string;
    readonly member: string | null;
    readonly outcome: string;
    readonly warning: boolean;
    readonly notes: readonly string[];
  }[];
  readonly steps: Steps;
  readonly refused: AdminButton | null;
}

/** `/admin/import/:id/pictures`: what posts show and is not here, and the form that takes more in. */
export interface ImportPicturesPage {
  readonly frame: AdminFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly name: string;
  readonly count: string;
  readonly text: readonly string[];
  readonly upload: ImportsPage['upload'] | null;
  readonly closed: string | null;
  readonly missing: readonly { readonly post: string; readonly address: string; readonly why: string }[];
  readonly steps: Steps;
}

/** `/admin/import/prices`: prices of others that members pay, and what each stands for here. */
export interface FoundPricesPage {
  readonly frame: AdminFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly text: readonly string[];
  readonly counted: string | null;
  readonly count: AdminButton;
  readonly prices: readonly {
    readonly id: string;
    readonly name: string;
    readonly amount: string;
    readonly subscriptions: string;
    readonly tier: { readonly slug: string; readonly name: string } | null;
    readonly fault: string | null;
    readonly map: { readonly label: string; readonly hiddenText: string; readonly href: string } | null;
  }[];
}
