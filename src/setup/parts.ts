import type { SecretSealer } from '../accounts/second-factor/secret';
import type { CommonParts } from '../http/common-parts';
import type { SetupState } from './gate';

/** What is asked of mail and payments while setting up. */
export interface ServiceChecks {
  /** Sends a letter to that address at once; null: letters are kept and sent nowhere. @throws where it is not taken. */
  readonly sendTest: ((to: string, lang: string) => Promise<void>) | null;
  /**
   * The name of the account that is paid into; null: payments are made in the sandbox.
   * @throws where it does not answer.
   */
  readonly paymentAccount: (() => Promise<string>) | null;
}

/** What setting up is made of. */
export interface SetupParts extends CommonParts {
  readonly state: SetupState;
  readonly secrets: SecretSealer;
  readonly checks: ServiceChecks;
}
