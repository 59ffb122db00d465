import type { AccountFrame, SectionForm } from '../own/page-types';
import type { FormBox, PasskeyForm } from '../page-types';
import type { QrDrawing } from './qr';

/** `/account/second-factor`: on or off, and what can be done about it. */
export interface SecondFactorPage {
  readonly frame: AccountFrame;
  /** Why its owner must set one up; null: nobody must. */
  readonly warning: string | null;
  /** Since when it is on, and how many recovery codes are left; null: it is off. */
  readonly on: { readonly since: string; readonly left: string; readonly off: string } | null;
  /** Null while nobody has proved who sits there, and only a passkey could. */
  readonly form: SectionForm | null;
  readonly prove: PasskeyForm | null;
  readonly error: string | null;
}

/** The secret, to be taken into an authenticator program, and the field for its first code. */
export interface SetUpPage {
  readonly frame: AccountFrame;
  readonly qr: QrDrawing;
  /** In groups of four, to be typed. */
  readonly secret: string;
  /** For the program on this very device. */
  readonly address: string;
  readonly form: SectionForm;
  readonly back: string;
}

/** Shown once, in answer to their making. */
export interface RecoveryCodesPage {
  readonly frame: AccountFrame;
  readonly codes: readonly string[];
  readonly back: string;
}

/** `/login/second-factor`: what was shown was right, and something more is asked for. */
export interface SecondStepPage {
  readonly label: string;
  readonly heading: string;
  readonly text: string;
  /** Null for an account whose second factor is a passkey alone. */
  readonly form: FormBox | null;
  readonly passkey: PasskeyForm | null;
}
