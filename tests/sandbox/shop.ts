import { pino } from 'pino';
import Stripe from 'stripe';
import type { CardName } from '../../src/sandbox/cards';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox';

export const DAY = 86_400;
export const HOUR = 3_600;

/** A sandbox with something to sell, and the real SDK talking to it. The clock stands still unless it is moved. */
export interface Shop {
  readonly sandbox: Sandbox;
  readonly stripe: Stripe;
  readonly product: Stripe.Product;
  /** $29.00. */
  readonly monthly: Stripe.Price;
  /** $290.00. */
  readonly yearly: Stripe.Price;
  /** The types of the events since the last time it was asked. */
  heard(): string[];
}

/** 15 November 2026, noon UTC. */
const START = new Date('2026-11-15T12:00:00Z');

export async function openShop(restored?: object): Promise<Shop> {
  const sandbox = await openSandbox({
    log: pino({ level: 'silent' }),
    machine: { now: () => START },
    restored: restored ?? null,
  });
  const stripe = talkTo(sandbox);
  const events: string[] = [];
  sandbox.world.onEvent(({ type }) => events.push(type));
  const product = restored
    ? (await stripe.products.list()).data[0]!
    : await stripe.products.create({ name: 'Leadership Alliance' });
  const price = async (interval: 'month' | 'year', unit_amount: number) => {
    const [found] = (await stripe.prices.list({ lookup_keys: [interval] })).data;
    return (
      found ??
      stripe.prices.create({
        product: product.id,
        currency: 'usd',
        unit_amount,
        recurring: { interval },
        lookup_key: interval,
      })
    );
  };
  const [monthly, yearly] = [await price('month', 2_900), await price('year', 29_000)];
  events.length = 0;
  return { sandbox, stripe, product, monthly, yearly, heard: () => events.splice(0) };
}

export function talkTo({ port, apiKey }: Pick<Sandbox, 'port' | 'apiKey'>): Stripe {
  return new Stripe(apiKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });
}

/** A checkout session for a new customer. */
export async function checkoutOf(
  { stripe, monthly }: Shop,
  wish: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ customer: Stripe.Customer; session: Stripe.Checkout.Session }> {
  const customer = await stripe.customers.create({ email: 'reader@example.org', name: 'A Reader' });
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: monthly.id, quantity: 1 }],
    success_url: 'http://localhost/back?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://localhost/pricing',
    ...wish,
  });
  return { customer, session };
}

/** A subscription that has been paid for in a checkout. */
export async function subscriptionOf(
  shop: Shop,
  wish: Partial<Stripe.Checkout.SessionCreateParams> = {},
  card: CardName = 'good',
): Promise<{ customer: Stripe.Customer; subscription: Stripe.Subscription }> {
  const { customer, session } = await checkoutOf(shop, wish);
  const outcome = shop.sandbox.acts.payCheckout(session.id, { card });
  if (outcome.outcome !== 'paid') throw new Error(`the checkout was not paid: ${outcome.outcome}`);
  const {
    data: [subscription],
  } = await shop.stripe.subscriptions.list({ customer: customer.id });
  return { customer, subscription: subscription! };
}

/** The error a call answers with. */
export async function refusalOf(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error('it was not refused', { cause: error });
}
