import type Stripe from 'stripe';
import { accountsViewer } from '../../access/viewer';
import type { SyncParts } from '../../billing/parts';
import { missing, type StripeClient } from '../../billing/stripe/client';
import { idOf } from '../../billing/stripe/values';

/** Subscriptions that Stripe gives at once. */
const PAGE = 100;

/** A subscription as a list of them says it. */
export interface ListedSubscription {
  readonly customer: string;
  readonly status: string;
  /** The price of its first item. */
  readonly price: string | null;
}

/**
 * Every subscription that Stripe has not ended, page by page, and how many have which price. The prices that are not
 * ours are written down, to be mapped to a tier.
 * @param take is given each page.
 * @returns how many pages there were, and the milliseconds one took.
 * @throws when Stripe does not answer.
 */
export async function findPrices(
  { wall, stripe, livemode, clock }: Pick<SyncParts, 'wall' | 'stripe' | 'livemode' | 'clock'>,
  take: (page: readonly ListedSubscription[]) => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly pages: number; readonly perPage: number }> {
  const counted = new Map<string, { readonly price: Stripe.Price; n: number }>();
  let [pages, asking, after] = [0, 0, undefined as string | undefined];
  for (;;) {
    const begun = performance.now();
    const page = await stripe.subscriptions.list({
      limit: PAGE,
      ...(after === undefined ? {} : { starting_after: after }),
    });
    asking += performance.now() - begun;
    pages++;
    const own = page.data.filter((one) => one.livemode === livemode);
    for (const { items } of own)
      for (const { price } of items.data) {
        const one = counted.get(price.id) ?? { price, n: 0 };
        one.n++;
        counted.set(price.id, one);
      }
    await take(
      own.map(({ customer, status, items }) => ({
        customer: idOf(customer),
        status,
        price: items.data[0]?.price.id ?? null,
      })),
    );
    after = page.data.at(-1)?.id;
    if (!page.has_more || after === undefined) break;
  }
  await writeFound({ wall, stripe }, [...counted.values()], clock.now());
  return { pages, perPage: asking / pages };
}

async function writeFound(
  { wall, stripe }: Pick<SyncParts, 'wall' | 'stripe'>,
  found: readonly { readonly price: Stripe.Price; readonly n: number }[],
  now: Date,
): Promise<void> {
  const ours = await wall.read(accountsViewer, (db) =>
    db.price.findMany({
      where: { NOT: { lookupKey: { startsWith: 'adopted-' } } },
      select: { stripeId: true },
    }),
  );
  const foreign = found.filter(({ price }) => !ours.some(({ stripeId }) => stripeId === price.id));
  const rows = await Promise.all(
    foreign.map(async ({ price, n }) => ({
      stripeId: price.id,
      productId: idOf(price.product),
      name: (price.nickname ?? (await nameOf(stripe, idOf(price.product)))).slice(0, 200),
      currency: price.currency,
      amountCents: price.unit_amount,
      interval: price.recurring?.interval ?? null,
      intervalCount: price.recurring?.interval_count ?? 1,
      subscriptions: n,
      countedAt: now,
    })),
  );
  await wall.write(accountsViewer, async (db) => {
    await db.foundPrice.deleteMany({});
    await db.foundPrice.createMany({ data: rows });
  });
}

async function nameOf(stripe: StripeClient, product: string): Promise<string> {
  try {
    return (await stripe.products.retrieve(product)).name;
  } catch (error) {
    if (missing(error)) return product;
    throw error;
  }
}
