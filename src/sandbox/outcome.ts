import type { CardName } from './cards';

/** How an attempt to pay ended. */
export type Outcome =
  | { readonly outcome: 'paid' }
  /** `message` is Stripe's sentence for the card's holder. */
  | { readonly outcome: 'declined'; readonly code: string; readonly message: string }
  /** The bank wants to hear from its customer: ask again with `authenticated` true or false. */
  | { readonly outcome: 'authenticate' };

export interface Payment {
  readonly card: CardName;
  readonly email?: string;
  readonly name?: string;
  /** The code as the customer typed it. */
  readonly promotionCode?: string;
  /** What the bank heard, once it was asked. */
  readonly authenticated?: boolean;
}
