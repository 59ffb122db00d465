import type { Consent } from '../http/consent';
import type { AccountFrame } from '../accounts/own/page-types';

export interface LinkView {
  readonly label: string;
  readonly href: string;
}

/** A tier as it is offered. */
export interface PlanView {
  readonly slug: string;
  readonly name: string;
  readonly blurb: string;
  readonly benefits: readonly string[];
  /** The price as a figure, or what stands in its place. */
  readonly price: string;
  /** What stands beside it: `a month`; null where nothing is paid. */
  readonly per: string | null;
  /** The other way to pay, or what a year saves. */
  readonly note: string;
  /** The way in; null where nobody joins by themselves. */
  readonly go: LinkView | null;
  /** The reader has it already: then the way on is a quiet one. */
  readonly yours: boolean;
}

export interface PricingPage {
  readonly heading: string;
  readonly text: string;
  /** Month or year; empty where nothing is offered both ways. */
  readonly periods: readonly (LinkView & { readonly current: boolean })[];
  readonly plans: readonly PlanView[];
  /** Which tier opens what: one column for each plan. */
  readonly opens: readonly { readonly label: string; readonly open: readonly boolean[] }[];
  readonly questions: readonly {
    readonly question: string;
    /** As it is delivered; null: the publisher's own words are `html`. */
    readonly answer: string | null;
    readonly html?: string;
    /** The language of both, where it is another than the page's. */
    readonly lang?: string | null;
  }[];
}

/** One way to pay, on the page on which it is chosen. */
export interface OfferView {
  readonly interval: 'month' | 'year';
  readonly price: string;
  readonly per: string;
  readonly note: string | null;
  readonly chosen: boolean;
}

export interface JoinPage {
  readonly label: string;
  readonly slug: string;
  readonly heading: string;
  readonly text: string;
  readonly benefits: readonly string[];
  /** Something to know first: gone back, nothing to buy just now, read already. */
  readonly warning: string | null;
  readonly wrong: string | null;
  /** Empty: it cannot be bought just now. */
  readonly offers: readonly OfferView[];
  readonly steps: readonly { readonly label: string; readonly text: string }[];
  /** Where the choice goes; null for whoever must become a member first. */
  readonly form: {
    readonly action: string;
    readonly next: string | null;
    readonly submit: string;
    /** What is accepted by paying. */
    readonly consent: Consent | null;
  } | null;
  readonly first: { readonly text: string; readonly join: LinkView; readonly login: LinkView } | null;
  readonly pricing: LinkView;
}

export interface InvoiceView {
  readonly number: string;
  readonly date: string;
  readonly amount: string;
  readonly state: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly open: (LinkView & { readonly ariaLabel: string }) | null;
  readonly pdf: (LinkView & { readonly ariaLabel: string }) | null;
}

export interface SubscriptionView {
  readonly id: string;
  readonly tier: { readonly slug: string; readonly name: string };
  readonly price: string;
  /** How it stands, in one sentence. */
  readonly state: string;
  /** What follows from that, or can be done. */
  readonly more: string | null;
  readonly tone: 'good' | 'warning' | 'past';
  readonly chip: string;
  readonly facts: readonly { readonly term: string; readonly value: string }[];
  readonly pay: LinkView | null;
  /** Other ways to pay for the same tier, and other paid tiers. */
  readonly changes: readonly LinkView[];
  readonly cancel: LinkView | null;
  readonly keep: { readonly action: string; readonly label: string } | null;
}

export interface BillingSectionPage {
  readonly frame: AccountFrame;
  /** What could not be done, in a sentence. */
  readonly trouble: string | null;
  /** Live ones, or the last that was; none when there never was one. */
  readonly subscriptions: readonly SubscriptionView[];
  readonly several: string | null;
  readonly join: (LinkView & { readonly text: string }) | null;
  readonly portal: string | null;
  readonly sync: string | null;
  readonly asOf: string | null;
  readonly invoices: readonly InvoiceView[];
  readonly paging: {
    readonly previous: string | null;
    readonly next: string | null;
    readonly numbers: readonly { readonly number: number; readonly href: string; readonly current: boolean }[];
  } | null;
}

/** What a change of plan would cost, before it is made. */
export interface ChangePage {
  readonly frame: AccountFrame;
  readonly heading: string;
  readonly text: string;
  readonly trouble: string | null;
  readonly lines: readonly { readonly what: string; readonly amount: string }[];
  readonly due: { readonly label: string; readonly amount: string };
  readonly after: string;
  readonly credit: string | null;
  readonly form: {
    readonly action: string;
    readonly subscription: string;
    readonly to: string;
    /** Another tier; null: the one it is of. */
    readonly tier: string | null;
    readonly date: string;
    readonly submit: string;
  };
  readonly back: LinkView;
}

/** Asked once more before a subscription is ended. */
export interface CancelPage {
  readonly frame: AccountFrame;
  readonly heading: string;
  readonly points: readonly string[];
  readonly action: string;
  readonly subscription: string;
  readonly submit: string;
  readonly back: LinkView;
}
