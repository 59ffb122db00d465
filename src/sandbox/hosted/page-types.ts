import type { Translate } from '../../lib/language';

/** What every page of the sandbox needs around its content. */
export interface SandboxLayout {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly say: Translate;
  /** `<title>`, complete. */
  readonly title: string;
  /** Where the dashboard is; null on its own pages, which carry its tabs. */
  readonly control: string | null;
  /** The way back to Dossier; null on the pages of a purchase, which lead there by themselves. */
  readonly home: string | null;
  /** Address of a file under `public/`. */
  asset(name: string): string;
}

/** One line of a bill. */
export interface BillLine {
  readonly what: string;
  readonly note: string | null;
  readonly amount: string;
}

/** Lines and what they come to. */
export interface Bill {
  readonly lines: readonly BillLine[];
  /** Subtotal, discount, tax: what stands between the lines and the total. */
  readonly between: readonly { readonly label: string; readonly amount: string }[];
  readonly totalLabel: string;
  readonly total: string;
}

/** One test card to choose. */
export interface CardChoice {
  readonly name: string;
  readonly label: string;
  /** The number Stripe's own test card of that behaviour has. */
  readonly number: string;
  readonly chosen: boolean;
}

/** A page that only says something. */
export interface NoticePage {
  readonly label: string;
  readonly heading: string;
  readonly text: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
}

/** The hosted checkout, open. */
export interface CheckoutPage {
  readonly heading: string;
  /** `€290.00 a year`. */
  readonly price: string;
  /** What is charged when: after the trial, every month. */
  readonly terms: readonly string[];
  readonly bill: Bill;
  readonly action: string;
  readonly email: { readonly value: string; readonly fixed: boolean; readonly error: string | null };
  readonly cards: readonly CardChoice[];
  /** Null: no code is asked for. */
  readonly code: { readonly value: string; readonly error: string | null; readonly applied: string | null } | null;
  readonly error: string | null;
  readonly submit: string;
  readonly cancel: string | null;
}

/** What the bank asks its customer. */
export interface AuthenticationPage {
  readonly heading: string;
  readonly text: string;
  readonly action: string;
  /** What was typed before, sent once more with the answer. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** The hosted invoice. */
export interface InvoicePage {
  readonly number: string;
  readonly status: string;
  readonly state: 'open' | 'paid' | 'other';
  readonly heading: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly bill: Bill;
  readonly pay: {
    readonly action: string;
    readonly cards: readonly CardChoice[];
    readonly submit: string;
    readonly error: string | null;
  } | null;
}

/** A card that can be told from others. */
export interface CardShown {
  readonly brand: string;
  readonly last4: string;
  readonly expires: string;
}

/** One subscription in the portal. */
export interface PortalSubscription {
  readonly heading: string;
  readonly price: string;
  readonly standing: string;
  readonly cancel: { readonly action: string; readonly subscription: string } | null;
  readonly undo: { readonly action: string; readonly subscription: string } | null;
  readonly change: {
    readonly action: string;
    readonly subscription: string;
    readonly prices: readonly { readonly id: string; readonly label: string; readonly chosen: boolean }[];
  } | null;
}

/** The hosted customer portal. */
export interface PortalPage {
  readonly headline: string;
  readonly email: string | null;
  readonly done: string | null;
  readonly error: string | null;
  readonly subscriptions: readonly PortalSubscription[];
  readonly card: CardShown | null;
  readonly cards: { readonly action: string; readonly choices: readonly CardChoice[] } | null;
  readonly invoices:
    | readonly {
        readonly href: string;
        readonly number: string;
        readonly date: string;
        readonly amount: string;
        readonly status: string;
      }[]
    | null;
  readonly back: { readonly href: string; readonly label: string } | null;
}
