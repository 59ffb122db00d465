import { registrar } from '../../access/viewer';
import { judge, type Judged, type Range, type Recorded } from '../../billing/sync/evaluate-subscription';
import { lookAt } from '../../billing/sync/fetch-snapshot';
import type { MachineParts } from '../../billing/parts';
import { loadShelves, withOwnProducts } from '../../billing/stripe/catalogue';
import type { Seen } from '../../billing/sync/snapshot';
import { loadRecorded } from '../../billing/sync/stored-billing';

/** What Stripe has of a customer at this moment, with what it gives. Nothing of it is written down. */
export interface Sight {
  readonly customer: string;
  readonly seen: Seen;
  readonly range: Range;
  readonly recorded: Recorded;
  readonly judged: readonly Judged[];
}

/**
 * Looks at one customer as the machine does, and leaves everything as it is. Null: Stripe has never had such a customer.
 * @throws when Stripe does not answer.
 */
export async function seeCustomer(
  { wall, stripe, clock, graceDays }: MachineParts,
  customer: string,
): Promise<Sight | null> {
  const { shelves, recorded } = await wall.read(registrar, async (db) => ({
    shelves: await loadShelves(db),
    recorded: await loadRecorded(db, customer),
  }));
  const seen = await lookAt(stripe, customer, recorded.open);
  if (seen === null) return null;
  const range = await withOwnProducts(stripe, shelves, seen);
  return { customer, seen, range, recorded, judged: judge(seen, range, recorded, graceDays, clock.now()) };
}

/** The same customer, had Stripe something else of them: asked of the rule that judges what is so. */
export function imagine({ clock, graceDays }: MachineParts, sight: Sight, other: Partial<Seen>): Sight {
  const seen = { ...sight.seen, ...other };
  return { ...sight, seen, judged: judge(seen, sight.range, sight.recorded, graceDays, clock.now()) };
}
