import type Stripe from 'stripe';
import type { Acts, CardName } from '../../../src/sandbox/acts';
import type { World } from '../../../src/sandbox/world';
import type { Chance } from './chance';
import { idOf } from './model';

/** Where everybody acts, and with what. */
export interface Arena {
  readonly world: World;
  readonly acts: Acts;
  readonly stripe: Stripe;
  readonly chance: Chance;
  readonly prices: readonly string[];
  /** A price of something that is not sold here. */
  readonly foreign: string;
}

/**
 * Something that happens to one customer. It may turn out to be impossible: then it throws, and nothing has happened.
 */
type Act = (arena: Arena, customer: string) => unknown;

const DAY = 86_400;

export const OTHER_PRODUCT = 'another product';

/** Everything that people, banks and admins do, with how often. */
const STEPS: readonly (readonly [name: string, weight: number, act: Act])[] = [
  ['subscribe', 3, subscribe],
  [
    'payments fail',
    1,
    ({ acts, chance }, customer) =>
      acts.failNextPayment(customer, chance.pick(['declined', 'authenticate'] as const), 1 + chance.below(4)),
  ],
  [
    'another card',
    1,
    ({ acts, chance }, customer) =>
      acts.replaceCard(customer, chance.pick(['good', 'good', 'attach-then-fail'] as const)),
  ],
  ['pay what is open', 2, payWhatIsOpen],
  ['end at the period', 1, (arena, customer) => arena.acts.cancelAtPeriodEnd(anySubscription(arena, customer), true)],
  ['go on after all', 1, (arena, customer) => arena.acts.cancelAtPeriodEnd(anySubscription(arena, customer), false)],
  ['end now', 1, (arena, customer) => arena.acts.cancelNow(anySubscription(arena, customer))],
  [
    'another price',
    1,
    (arena, customer) =>
      arena.acts.changePrice(anySubscription(arena, customer), arena.chance.pick(arena.prices), 'always_invoice'),
  ],
  [
    OTHER_PRODUCT,
    0.5,
    (arena, customer) => arena.acts.changePrice(anySubscription(arena, customer), arena.foreign, 'none'),
  ],
  ['refund in full', 1, (arena, customer) => arena.acts.refund(anyCharge(arena, customer).id)],
  [
    'refund in part',
    1,
    (arena, customer) => arena.acts.refund(anyCharge(arena, customer).id, 100 + arena.chance.below(900)),
  ],
  ['dispute', 1, (arena, customer) => arena.acts.openDispute(anyCharge(arena, customer).id)],
  ['inquiry', 0.7, (arena, customer) => arena.acts.openInquiry(anyCharge(arena, customer).id)],
  ['inquiry goes on', 1, followInquiry],
  ['close a dispute', 2, closeDispute],
  ['pause', 1, pause],
  ['resume', 1, (arena, customer) => arena.acts.resume(anySubscription(arena, customer))],
  ['unknown status', 0.3, (arena, customer) => arena.acts.setStatus(anySubscription(arena, customer), 'frobnicated')],
  ['customer deleted', 0.1, ({ acts }, customer) => acts.deleteCustomer(customer)],
];

/** Takes one step with a customer. Its name; null when it could not be taken. */
export async function step(arena: Arena, customer: string): Promise<string | null> {
  const [name, act] = anyStep(arena.chance);
  try {
    await act(arena, customer);
    return name;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return null;
  }
}

function anyStep(chance: Chance): readonly [string, Act] {
  let left = chance.next() * STEPS.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight, act] of STEPS) {
    left -= weight;
    if (left < 0) return [name, act];
  }
  throw new Error('the weights do not add up');
}

async function subscribe({ stripe, acts, chance, prices }: Arena, customer: string): Promise<void> {
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer,
    line_items: [{ price: chance.pick(prices), quantity: 1 }],
    success_url: 'https://dossier.example/done',
    cancel_url: 'https://dossier.example/',
    ...(chance.often(0.2) ? { subscription_data: { trial_period_days: 1 + chance.below(20) } } : {}),
  });
  const card: CardName = chance.pick(['good', 'good', 'good', 'declined', 'authenticate', 'attach-then-fail'] as const);
  const { outcome } = acts.payCheckout(session.id, { card });
  if (outcome === 'authenticate') acts.payCheckout(session.id, { card, authenticated: chance.often(0.7) });
}

function payWhatIsOpen({ world, acts, chance }: Arena, customer: string): void {
  for (const { id } of [...world.invoices.values()].filter((one) => one.customer === customer && one.status === 'open'))
    acts.payInvoice(id, { card: chance.pick(['good', 'good', 'declined'] as const) });
}

function closeDispute({ world, acts, chance }: Arena, customer: string): void {
  const charges = new Set([...world.charges.values()].filter((one) => one.customer === customer).map(({ id }) => id));
  const open = [...world.disputes.values()].filter(
    ({ charge, status }) => charges.has(idOf(charge) ?? '') && status === 'needs_response',
  );
  acts.closeDispute(some(chance, open).id, chance.pick(['won', 'lost'] as const));
}

function followInquiry({ world, acts, chance }: Arena, customer: string): void {
  const charges = new Set([...world.charges.values()].filter((one) => one.customer === customer).map(({ id }) => id));
  const open = [...world.disputes.values()].filter(
    ({ charge, status }) => charges.has(idOf(charge) ?? '') && status === 'warning_needs_response',
  );
  const { id } = some(chance, open);
  if (chance.often(0.5)) acts.escalateInquiry(id);
  else acts.closeDispute(id, 'warning_closed');
}

function pause(arena: Arena, customer: string): void {
  const { acts, chance, world } = arena;
  acts.pauseCollection(
    anySubscription(arena, customer),
    chance.pick(['void', 'keep_as_draft', 'mark_uncollectible'] as const),
    chance.often(0.5) ? world.now() + (1 + chance.below(40)) * DAY : undefined,
  );
}

function anySubscription({ world, chance }: Arena, customer: string): string {
  return some(
    chance,
    [...world.subscriptions.values()].filter((one) => one.customer === customer && one.status !== 'canceled'),
  ).id;
}

function anyCharge({ world, chance }: Arena, customer: string): Stripe.Charge {
  return some(
    chance,
    [...world.charges.values()].filter((one) => one.customer === customer && one.status === 'succeeded'),
  );
}

function some<T>(chance: Chance, of: readonly T[]): T {
  if (of.length === 0) throw new Error('there is none');
  return chance.pick(of);
}
