import type Stripe from 'stripe';
import { accountsViewer } from '../../access/viewer';
import type { TierRow } from '../../membership/tiers';
import type { PriceInterval } from '../../stores/prisma/client';
import { EVENT_TYPES } from './events';
import { API_VERSION, listAll, type StripeClient } from './client';
import type { SyncParts } from '../parts';
import { findPortalConfiguration, PORTAL_MARK } from './portal-configuration';
import { productTexts, updateProductTexts, type ProductTexts } from './product-texts';
import { findProducts, lookupKey, refreshPrices } from './refresh-prices';

interface Wanted {
  readonly tier: string;
  readonly interval: PriceInterval;
  readonly currency: string;
  readonly cents: number;
}

/** A tier as far as Stripe is told of it. Amounts in cents of its currency; null where there is no such price. */
type PricedTier = Pick<TierRow, 'slug' | 'currency' | 'monthlyCents' | 'yearlyCents'>;

/**
 * Makes Stripe have what is sold here, or finds it: a product for each tier that has a price, a price for each
 * interval, and our own configuration of the portal. A product says what the tier says. A changed amount makes a new
 * price; the one before stays, for those who pay it. Safe to run again, and twice at once.
 * @returns what was made, in words.
 * @throws when Stripe does not answer; what was made by then is found the next time.
 */
export async function setUpStripe(parts: SyncParts, publicUrl: string): Promise<string[]> {
  const { locks, wall, stripe } = parts;
  const made = await locks.hold('setup', async () => {
    const tiers = await wall.read(accountsViewer, (db) =>
      db.tier.findMany({ where: { retiredAt: null }, orderBy: { rank: 'asc' }, include: { texts: true } }),
    );
    const done: string[] = [];
    for (const tier of tiers) await offerTier(stripe, tier, done);
    await portalFor(stripe, publicUrl, done);
    return done;
  });
  await refreshPrices(parts);
  return made;
}

/**
 * Makes Stripe offer one tier at these amounts, as `setUpStripe` does. Asked twice for the same it makes nothing new.
 * Our table of prices says so after the next `refreshPrices`, which an event of Stripe's brings about in any case.
 * @returns what was made, in words.
 * @throws when Stripe does not answer, or refuses.
 */
export function priceTier({ locks, wall, stripe }: SyncParts, tier: PricedTier): Promise<string[]> {
  return locks.hold('setup', async () => {
    const done: string[] = [];
    // Read here, for they may have changed since the tier was read.
    const texts = await wall.read(accountsViewer, (db) => db.tierText.findMany({ where: { tierSlug: tier.slug } }));
    await offerTier(stripe, { ...tier, texts }, done);
    return done;
  });
}

async function offerTier(
  stripe: StripeClient,
  tier: PricedTier & Pick<TierRow, 'texts'>,
  done: string[],
): Promise<void> {
  const wanted: Wanted[] = (
    [
      ['month', tier.monthlyCents],
      ['year', tier.yearlyCents],
    ] as const
  ).flatMap(([interval, cents]) =>
    cents === null ? [] : [{ tier: tier.slug, interval, currency: tier.currency.toLowerCase(), cents }],
  );
  if (wanted.length === 0) return;
  const product = await productFor(stripe, tier.slug, productTexts(tier), done);
  for (const one of wanted) await priceFor(stripe, product, one, done);
}

async function productFor(stripe: StripeClient, tier: string, words: ProductTexts, done: string[]): Promise<string> {
  const [known] = (await findProducts(stripe, [tier])).filter(({ active }) => active);
  if (known) {
    if (await updateProductTexts(stripe, known, words)) done.push(`the words of ${known.id} for ${tier}`);
    return known.id;
  }
  const product = await stripe.products.create({
    name: words.name,
    ...(words.description === '' ? {} : { description: words.description }),
    metadata: { tier },
  });
  done.push(`the product ${product.id} for ${tier}`);
  return product.id;
}

async function priceFor(
  stripe: StripeClient,
  product: string,
  { tier, interval, currency, cents }: Wanted,
  done: string[],
): Promise<void> {
  const key = lookupKey(tier, interval, currency);
  const [known] = (await stripe.prices.list({ lookup_keys: [key], active: true, limit: 1 })).data;
  if (
    known &&
    known.unit_amount === cents &&
    known.currency === currency &&
    known.product === product &&
    known.metadata['tier'] === tier
  )
    return;
  const price = await stripe.prices.create({
    product,
    currency,
    unit_amount: cents,
    recurring: { interval },
    tax_behavior: 'inclusive',
    lookup_key: key,
    transfer_lookup_key: true,
    metadata: { tier },
  });
  done.push(`the price ${price.id} (${key})${known ? ` in place of ${known.id}` : ''}`);
}

/** Plans are changed in our own sections, which show what it costs first. */
const FEATURES: Stripe.BillingPortal.ConfigurationCreateParams.Features = {
  customer_update: { enabled: true, allowed_updates: ['address', 'tax_id'] },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: 'at_period_end' },
  subscription_update: { enabled: false },
};

async function portalFor(stripe: StripeClient, publicUrl: string, done: string[]): Promise<void> {
  const configuration = {
    features: FEATURES,
    default_return_url: `${publicUrl}/account/billing`,
    metadata: PORTAL_MARK,
  };
  const known = await findPortalConfiguration(stripe);
  if (known !== null) {
    await stripe.billingPortal.configurations.update(known, configuration);
    return;
  }
  const { id } = await stripe.billingPortal.configurations.create(configuration);
  done.push(`the portal configuration ${id}`);
}

/** Where Stripe is told to send what happens. */
export const webhookAddress = (publicUrl: string): string => `${publicUrl}/webhooks/stripe`;

/** A webhook endpoint; `secret` only where it was made just now, because Stripe says it once. */
export interface Endpoint {
  readonly id: string;
  readonly secret: string | null;
}

/** Makes Stripe send its events to this address, on the version of the API this code reads, or finds that it does. */
export async function endpointFor(stripe: StripeClient, url: string): Promise<Endpoint> {
  const known = (await listAll(stripe.webhookEndpoints.list({ limit: 100 }))).find(
    (one) => one.url === url && one.api_version === API_VERSION && one.status === 'enabled',
  );
  if (known) {
    await stripe.webhookEndpoints.update(known.id, { enabled_events: [...EVENT_TYPES] });
    return { id: known.id, secret: null };
  }
  const { id, secret } = await stripe.webhookEndpoints.create({
    url,
    enabled_events: [...EVENT_TYPES],
    api_version: API_VERSION,
  });
  return { id, secret: secret ?? null };
}
