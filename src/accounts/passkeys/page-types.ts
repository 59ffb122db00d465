import type { Frame, RoomForm } from '../own/page-types';
import type { FormField } from '../page-types';

/** The form a passkey goes through, as `accounts/passkey-form` prints it; public/passkeys.js does the rest. */
export interface PasskeyForm {
  readonly action: string;
  readonly ceremony: 'create' | 'get';
  /** Where the browser gets what it needs, when it is not given here. */
  readonly options: string | null;
  readonly given: string | null;
  readonly next: string | null;
  readonly fields: readonly FormField[];
  readonly submit: string;
}

export interface PasskeyView {
  readonly name: string;
  readonly times: string;
  readonly remove: string;
  readonly removeLabel: string;
}

/** `/account/passkeys`: those there are, a new one, and doing without a password. */
export interface PasskeysPage {
  readonly frame: Frame;
  readonly passkeys: readonly PasskeyView[];
  /** The fields that prove who sits there; none where a passkey has done so. */
  readonly form: RoomForm;
  readonly error: string | null;
  /** To show a passkey in place of a password. */
  readonly prove: PasskeyForm | null;
  /** For an account with a passkey and a password: where to do without the latter. */
  readonly dropPassword: string | null;
  readonly hasPassword: boolean;
}

/** The new passkey's name, and the browser's part. */
export interface NewPasskeyPage {
  readonly frame: Frame;
  readonly form: PasskeyForm;
  readonly back: string;
}
