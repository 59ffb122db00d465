import type { SyncParts } from '../../billing/parts';
import type { AdminParts } from '../parts';

/** What the billing section is made of: the admin's sections, and the machine that looks at Stripe. */
export interface AdminBillingParts extends AdminParts {
  readonly sync: SyncParts;
  /** Does a sandbox play Stripe? */
  readonly sandbox: boolean;
}
