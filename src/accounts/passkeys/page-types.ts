import type { AccountFrame, SectionForm } from '../own/page-types';
import type { PasskeyForm } from '../page-types';

export interface PasskeyView {
  readonly name: string;
  readonly made: string;
  readonly used: string;
  readonly remove: string;
  readonly removeLabel: string;
}

/** `/account/passkeys`: those there are, the way to a new one, and to doing without a password. */
export interface PasskeysPage {
  readonly frame: AccountFrame;
  readonly passkeys: readonly PasskeyView[];
  readonly add: string;
  readonly error: string | null;
  /** Whether there is a password, and what can be done about it. */
  readonly password: { readonly text: string; readonly way: { readonly label: string; readonly href: string } | null };
}

/** Says what is about to be done, and asks who sits there. */
export interface PasskeyStepPage {
  readonly frame: AccountFrame;
  readonly heading: string;
  readonly text: string;
  /** Null where it cannot be done, or nothing but a passkey proves who sits there. */
  readonly form: SectionForm | null;
  readonly prove: PasskeyForm | null;
  readonly back: string;
}

/** The new passkey's name, and the browser's part. */
export interface NewPasskeyPage {
  readonly frame: AccountFrame;
  readonly form: PasskeyForm;
  readonly back: string;
}
