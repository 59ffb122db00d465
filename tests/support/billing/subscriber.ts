import type Stripe from 'stripe';
import { resolveAccess, type AccessLevel } from '../../../src/access/account-access';
import { accountsViewer } from '../../../src/access/viewer';
import { ensureCustomer } from '../../../src/billing/stripe/customers';
import type { CardName } from '../../../src/sandbox/acts';
import type { Acts } from '../../../src/sandbox/acts';
import type { World } from '../../../src/sandbox/world';
import type { Dossier } from '../dossier';
import { anyEmail } from '../door';
import { until } from '../until';

export const DAY = 86_400;

/** Somebody with an account who buys in the sandbox. */
export interface Subscriber {
  readonly accountId: string;
  readonly email: string;
  /** Stripe's id of the customer. */
  readonly customer: string;
}

/** The sandbox of a Dossier started with `billing`. */
export function sandboxOf({ payments }: Dossier): {
  readonly acts: Acts;
  readonly world: World;
  readonly stripe: Stripe;
} {
  if (!payments) throw new Error('this Dossier has no sandbox');
  return { acts: payments.sandbox.acts, world: payments.sandbox.world, stripe: payments.stripe };
}

/** Waits until everything that has happened in the sandbox has arrived and been looked into. */
export async function drained(dossier: Dossier, milliseconds = 20_000): Promise<void> {
  await dossier.payments?.sandbox.deliveries.idle();
  await until(
    async () =>
      (await dossier.wall.read(accountsViewer, (db) => db.inboxEvent.count({ where: { state: 'received' } }))) === 0,
    milliseconds,
  );
}

/** An account of the Circle with a customer at the sandbox, and no subscription yet. */
export async function aCustomer(dossier: Dossier, more: { readonly lang?: string } = {}): Promise<Subscriber> {
  const { id, email } = await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: {
        email: anyEmail(),
        name: 'A subscriber',
        lang: 'en',
        verifiedAt: new Date(),
        ...more,
        grants: { create: { tierSlug: 'strategy-circle', source: 'JOINED', from: new Date(0) } },
      },
      select: { id: true, email: true },
    }),
  );
  const { stripeId } = await ensureCustomer(dossier.app.billing, id);
  return { accountId: id, email, customer: stripeId };
}

export const priceOf = async (dossier: Dossier, interval: 'month' | 'year' = 'month'): Promise<string> =>
  (
    await dossier.wall.read(accountsViewer, (db) =>
      db.price.findFirstOrThrow({ where: { tierSlug: 'leadership-alliance', interval, offered: true } }),
    )
  ).stripeId;

export interface Purchase {
  readonly interval?: 'month' | 'year';
  readonly card?: CardName;
  readonly trialDays?: number;
  readonly price?: string;
  readonly coupon?: string;
}

/** Goes through a checkout as a browser would. The id of the subscription. */
export async function buy(
  dossier: Dossier,
  { customer, accountId }: Subscriber,
  { interval = 'month', card = 'good', trialDays, price, coupon }: Purchase = {},
): Promise<string> {
  const { acts, stripe } = sandboxOf(dossier);
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    client_reference_id: accountId,
    line_items: [{ price: price ?? (await priceOf(dossier, interval)), quantity: 1 }],
    success_url: `${dossier.url}/done?session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${dossier.url}/back`,
    ...(coupon === undefined ? {} : { discounts: [{ coupon }] }),
    ...(trialDays === undefined ? {} : { subscription_data: { trial_period_days: trialDays } }),
  });
  acts.payCheckout(session.id, { card, authenticated: true });
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id);
  return typeof subscription === 'string' ? subscription : subscription!.id;
}

/** A new account that has bought, with everything arrived. */
export async function aSubscriber(
  dossier: Dossier,
  purchase: Purchase = {},
): Promise<Subscriber & { readonly subscription: string }> {
  const customer = await aCustomer(dossier);
  const subscription = await buy(dossier, customer, purchase);
  await drained(dossier);
  return { ...customer, subscription };
}

/** How far the account reads by the Dossier's clock, by the rule that decides for every page. */
export async function standingOf(dossier: Dossier, accountId: string, now = dossier.clock.now()): Promise<AccessLevel> {
  const { account, tiers } = await dossier.wall.read(accountsViewer, async (db) => ({
    account: await db.account.findUniqueOrThrow({ where: { id: accountId }, include: { grants: true } }),
    tiers: await db.tier.findMany({ select: { slug: true, rank: true } }),
  }));
  const grants = account.grants.map(({ id, tierSlug, source, from, until: end, revokedAt }) => ({
    id,
    tier: tierSlug,
    source,
    from,
    until: end,
    revokedAt,
  }));
  return resolveAccess({ role: account.role, state: account.state, grants }, tiers, now);
}

export const rankOf = async (
  dossier: Dossier,
  { accountId }: Pick<Subscriber, 'accountId'>,
  now?: Date,
): Promise<number> => (await standingOf(dossier, accountId, now)).rank;

/** The row of a subscription. */
export const rowOf = (dossier: Dossier, subscription: string) =>
  dossier.wall.read(accountsViewer, (db) => db.subscription.findUniqueOrThrow({ where: { stripeId: subscription } }));

/** The open alarms, as kind and subject. */
export const alarmsOf = (dossier: Dossier, kind?: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.alarm.findMany({
      where: { settledAt: null, ...(kind === undefined ? {} : { kind }) },
      orderBy: { createdAt: 'asc' },
    }),
  );

/** What kinds of letters an address has been written, in order of time. */
export async function kindsTo(dossier: Dossier, { email }: Pick<Subscriber, 'email'>): Promise<string[]> {
  return (
    await dossier.wall.read(accountsViewer, (db) =>
      db.letter.findMany({ where: { recipient: email }, orderBy: { createdAt: 'asc' }, select: { kind: true } }),
    )
  ).map(({ kind }) => kind);
}
