import { accountsViewer } from '../../access/viewer';
import {
  evaluateSubscriptions,
  type Entitlement,
  type PriceCatalogue,
  type Recorded,
} from '../../billing/sync/evaluate-subscription';
import { fetchSnapshot } from '../../billing/sync/fetch-snapshot';
import type { SyncParts } from '../../billing/parts';
import { loadCatalogue, withOwnProducts } from '../../billing/stripe/catalogue';
import type { StripeSnapshot } from '../../billing/sync/snapshot';
import { loadRecorded } from '../../billing/sync/stored-billing';

/** What Stripe has of a customer at this moment, with what it gives. Nothing of it is written down. */
export interface CustomerEvaluation {
  readonly customer: string;
  readonly snapshot: StripeSnapshot;
  readonly catalogue: PriceCatalogue;
  readonly recorded: Recorded;
  readonly entitlements: readonly Entitlement[];
}

/**
 * Looks at one customer as the machine does, and leaves everything as it is. Null: Stripe has never had such a
 * customer.
 * @throws when Stripe does not answer.
 */
export async function evaluateCustomer(
  { wall, stripe, clock, graceDays }: SyncParts,
  customer: string,
): Promise<CustomerEvaluation | null> {
  const { catalogue, recorded } = await wall.read(accountsViewer, async (db) => ({
    catalogue: await loadCatalogue(db),
    recorded: await loadRecorded(db, customer),
  }));
  const snapshot = await fetchSnapshot(stripe, customer, recorded.open);
  if (snapshot === null) return null;
  const range = await withOwnProducts(stripe, catalogue, snapshot);
  return {
    customer,
    snapshot,
    catalogue: range,
    recorded,
    entitlements: evaluateSubscriptions(snapshot, range, recorded, graceDays, clock.now()),
  };
}

/** The same customer, had Stripe something else of them: asked of the rule that judges what is so. */
export function evaluateWith(
  { clock, graceDays }: SyncParts,
  evaluation: CustomerEvaluation,
  other: Partial<StripeSnapshot>,
): CustomerEvaluation {
  const snapshot = { ...evaluation.snapshot, ...other };
  return {
    ...evaluation,
    snapshot,
    entitlements: evaluateSubscriptions(snapshot, evaluation.catalogue, evaluation.recorded, graceDays, clock.now()),
  };
}
