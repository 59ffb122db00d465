import { accountsViewer } from '../../access/viewer';
import { isStripeError, unavailable } from '../../billing/stripe/client';
import { findPrices, type ListedSubscription } from '../prices/find-prices';
import type { ImportFacts } from '../states';
import type { ImportParts } from './parts';

/** Requests that one look at a customer makes one after the other, and looks that are under way at once. */
const ROUNDS = 3;
const AT_ONCE = 4;

/**
 * Notes for every row with a customer what Stripe says of them: subscriptions are listed in pages, and nobody is asked
 * for one by one.
 * @throws when Postgres does not answer; a Stripe that does not is noted.
 */
export async function noteSubscriptions(parts: ImportParts, id: string): Promise<ImportFacts> {
  const { wall, log } = parts;
  const customers = await wall.read(accountsViewer, (db) =>
    db.importRow.count({ where: { importId: id, customer: { not: null }, outcome: { in: ['add', 'merge'] } } }),
  );
  if (customers === 0) return { stripe: null };
  try {
    const { perPage } = await findPrices(parts, (page) => noteStatuses(parts, id, page));
    const looked = await wall.read(accountsViewer, (db) =>
      db.importRow.count({ where: { importId: id, stripe: { not: null } } }),
    );
    return { stripe: 'answered', seconds: Math.ceil((looked * ROUNDS * perPage) / AT_ONCE / 1_000) };
  } catch (error) {
    if (!unavailable(error) && !isStripeError(error)) throw error;
    log.warn({ err: error }, 'Stripe did not say what it has of the members of an import');
    return { stripe: 'silent' };
  }
}

/** One that is paid for says more than one that is not. */
async function noteStatuses({ wall }: ImportParts, id: string, page: readonly ListedSubscription[]): Promise<void> {
  const rows = page.map(({ customer, status, price }) => ({ customer, stripe: `${status}:${price ?? ''}` }));
  await wall.write(
    accountsViewer,
    (db) => db.$executeRaw`
      UPDATE import_rows SET stripe = one->>'stripe' FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS one
      WHERE import_id = ${id}::uuid AND customer = one->>'customer'
        AND (stripe IS NULL OR one->>'stripe' ~ '^(active|trialing|past_due):')`,
  );
}
