import type { PlanView } from '../../billing/page-types';
import type { ActionPage, AdminButton, AdminField, AdminFrame, PastChangeView } from '../page-types';

interface NamedTier {
  readonly slug: string;
  readonly name: string;
}

export interface PriceLine {
  readonly amount: string;
  readonly state: string;
  readonly offered: boolean;
  readonly stripe: string;
  readonly pays: string;
}

/** A tier in the list. */
export interface TierCardView {
  readonly tier: NamedTier;
  /** Said beside its name; null: it is not retired. */
  readonly retired: string | null;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly texts: readonly {
    readonly lang: string;
    readonly language: string;
    readonly words: { readonly name: string; readonly blurb: string; readonly benefits: readonly string[] } | null;
  }[];
  /** Its name, said with each action to whoever hears the page. */
  readonly hiddenText: string;
  readonly actions: readonly { readonly label: string; readonly href: string }[];
  readonly prices: readonly PriceLine[];
  /** Where Stripe offers another amount than the page of prices says. */
  readonly warning: string | null;
}

/** The tiers in their order, each with its texts in every language and its prices. */
export interface TiersPage {
  readonly frame: AdminFrame;
  readonly order: readonly string[];
  readonly matrixHref: string;
  readonly make: { readonly label: string; readonly href: string };
  readonly tiers: readonly TierCardView[];
  readonly history: readonly PastChangeView[];
}

/** The texts of one tier as a form, language by language. */
export interface TierTextsPage {
  readonly frame: AdminFrame;
  readonly back: string;
  readonly tier: NamedTier;
  readonly error: string | null;
  /** Said where the form is filled in with what was before a change. */
  readonly restoring: string | null;
  readonly action: string;
  readonly languages: readonly {
    readonly name: string;
    readonly hint: string;
    readonly fields: readonly AdminField[];
  }[];
  readonly hidden: AdminButton['hidden'];
}

/** The same before it is saved: what changes, and how readers would see it. */
export interface TierWordedPage {
  readonly frame: AdminFrame;
  readonly back: string;
  readonly tier: NamedTier;
  readonly changes: ActionPage['changes'];
  readonly happens: readonly string[];
  readonly plans: readonly { readonly lang: string; readonly language: string; readonly plan: PlanView }[];
  readonly action: string;
  readonly hidden: AdminButton['hidden'];
  readonly remark: AdminField;
}
