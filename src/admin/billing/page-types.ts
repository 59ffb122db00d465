import type { ActionPage, AdminButton, FilterForm, AdminFrame, Known, Steps } from '../page-types';

/** The head of a page of the billing section, with the ways to the others. */
export interface BillingFrame extends AdminFrame {
  readonly sections: readonly { readonly label: string; readonly href: string; readonly current: boolean }[];
  /** What could not be done, in a sentence. */
  readonly trouble: string | null;
}

export interface AlarmLine {
  readonly id: string;
  readonly what: string;
  readonly subject: string;
  readonly account: { readonly name: string; readonly href: string } | null;
  readonly times: string;
  readonly first: string;
  readonly last: string;
  /** Null: it is open. */
  readonly settled: string | null;
  readonly details: readonly Known[];
  readonly compare: string | null;
  /** Asked besides when it is settled: whether a subscription is to end. The answer is yes unless it is undone. */
  readonly end: string | null;
  readonly button: AdminButton;
}

export interface ComparisonLine {
  readonly scope: string;
  readonly started: string;
  readonly took: string;
  readonly looked: string;
  readonly repaired: string;
  readonly failure: string | null;
}

export interface OverviewPage {
  readonly frame: BillingFrame;
  /** `real`: what is done here moves money. */
  readonly mode: { readonly name: string; readonly text: string; readonly real: boolean };
  readonly alarms: readonly AlarmLine[];
  readonly alarmCount: string;
  readonly allAlarms: string;
  readonly inbox: readonly {
    readonly state: string;
    readonly count: string;
    readonly href: string;
    readonly warning: boolean;
  }[];
  readonly underWay: string | null;
  readonly comparisons: readonly ComparisonLine[];
  readonly buttons: readonly { readonly button: AdminButton; readonly text: string }[];
}

export interface AlarmsPage {
  readonly frame: BillingFrame;
  readonly filter: FilterForm;
  readonly alarms: readonly AlarmLine[];
  readonly exports: AdminButton | null;
  readonly steps: Steps;
}

export interface EventLine {
  readonly href: string;
  readonly id: string;
  readonly type: string;
  readonly customer: string | null;
  readonly received: string;
  readonly state: { readonly name: string; readonly warning: boolean };
  readonly attempts: string;
  readonly failure: string | null;
}

export interface InboxPage {
  readonly frame: BillingFrame;
  readonly filter: FilterForm;
  readonly count: string;
  readonly exports: AdminButton | null;
  readonly events: readonly EventLine[];
  readonly steps: Steps;
  readonly replay: { readonly label: string; readonly href: string } | null;
}

export interface EventPage {
  readonly frame: BillingFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly facts: readonly Known[];
  readonly account: { readonly name: string; readonly href: string } | null;
  readonly compare: string | null;
  /** As it came, made readable; null where it is no longer kept. */
  readonly payload: string | null;
  readonly replay: AdminButton | null;
  /** Why it cannot be looked into again, or what comes of it. */
  readonly replayText: string;
}

export interface DriftLine {
  readonly customer: string;
  readonly compare: string;
  readonly account: { readonly name: string; readonly href: string } | null;
  readonly alarms: readonly string[];
  readonly ours: readonly string[];
}

export interface DriftPage {
  readonly frame: BillingFrame;
  readonly filter: FilterForm;
  readonly lines: readonly DriftLine[];
}

/** One object of Stripe's, ours beside theirs. */
export interface Compared {
  readonly name: string;
  readonly id: string;
  /** What is so where it is on one side alone. */
  readonly only: string | null;
  readonly lines: readonly {
    readonly what: string;
    readonly ours: string;
    readonly theirs: string;
    readonly differs: boolean;
  }[];
}

export interface ComparePage {
  readonly frame: BillingFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly customer: string;
  readonly account: { readonly name: string; readonly href: string } | null;
  readonly asOf: string;
  readonly verdict: string;
  readonly differs: boolean;
  readonly objects: readonly Compared[];
  readonly same: string | null;
  readonly repair: AdminButton | null;
}

interface Way {
  readonly label: string;
  readonly href: string;
  readonly hiddenText: string;
  readonly grave: boolean;
}

export interface MemberBillingPage {
  readonly frame: BillingFrame;
  readonly back: { readonly label: string; readonly href: string };
  readonly who: { readonly name: string; readonly email: string };
  readonly ways: readonly Way[];
  readonly customers: readonly { readonly id: string; readonly asOf: string; readonly compare: string }[];
  readonly subscriptions: readonly {
    readonly tier: { readonly slug: string; readonly name: string };
    readonly price: string;
    readonly chip: string;
    readonly tone: 'good' | 'warning' | 'past';
    readonly state: string;
    readonly facts: readonly Known[];
    readonly ways: readonly Way[];
  }[];
  readonly invoices: readonly {
    readonly number: string;
    readonly date: string;
    readonly amount: string;
    readonly state: string;
    readonly wrong: boolean;
    readonly ways: readonly Way[];
  }[];
  readonly letters: readonly { readonly kind: string; readonly at: string; readonly state: string }[];
}

/** The page that asks, in this section. */
export interface BillingActionPage extends ActionPage {
  readonly frame: BillingFrame;
}
