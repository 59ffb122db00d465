import type { ProofParts } from '../accounts/second-factor/reauthenticate';
import type { SendingParts } from './send';

/** What the section of webhooks is made of. */
export interface WebhookParts extends SendingParts, ProofParts {
  /** What grants go by. */
  readonly entitlements: SendingParts['clock'];
}
