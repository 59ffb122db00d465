import type { Consent } from '../http/consent';

/** One field of a form, as `partials/form-field` prints it. */
export interface FormField {
  readonly name: string;
  readonly type: 'text' | 'email' | 'password';
  readonly label: string;
  readonly hint: string | null;
  /** What was typed before; of a password never. */
  readonly value: string;
  /** What is wrong with it, said beside it. */
  readonly error: string | null;
  /** Wrong together with others, as the form says above them all. */
  readonly doubted: boolean;
  /** What the browser and password managers know it as (WCAG 2.2, 1.3.5). */
  readonly autocomplete: 'name' | 'email' | 'username' | 'new-password' | 'current-password' | 'one-time-code' | 'off';
  /** The first one to put right. */
  readonly focus: boolean;
}

/** A form of the house, as `partials/form` prints it. */
export interface FormBox {
  readonly action: string;
  /** Where to go afterwards; null: nowhere in particular. */
  readonly next: string | null;
  /** What is wrong with the whole of it. */
  readonly error: string | null;
  readonly fields: readonly FormField[];
  /** What is accepted by sending it. */
  readonly consent?: Consent | null;
  readonly submit: string;
  /** Other ways on. */
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

/** The form a passkey goes through, as `accounts/passkey-form` prints it; public/passkeys.js does the rest. */
export interface PasskeyForm {
  readonly action: string;
  readonly ceremony: 'create' | 'get';
  /** Where the browser gets what the ceremony needs; null where it is given. */
  readonly options: string | null;
  /** What the ceremony needs, as JSON. */
  readonly given: string | null;
  readonly next: string | null;
  readonly fields: readonly FormField[];
  readonly submit: string;
}

export interface AuthPage {
  readonly label: string;
  /** The tier whose sign stands beside the label. */
  readonly tier: string | null;
  readonly heading: string;
  readonly text: string;
  readonly rows: readonly { readonly label: string; readonly lines: readonly string[] }[];
  readonly form: FormBox;
  /** The way in without a password; null where there is none. */
  readonly passkey: PasskeyForm | null;
}
