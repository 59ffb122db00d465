import { accountsViewer } from '../../../src/access/viewer';
import { reconcileAll } from '../../../src/billing/sync/reconcile';
import { startDossier, type Dossier } from '../../support/dossier';
import { aCustomer, drained, priceOf, sandboxOf, standingOf, type Subscriber } from '../../support/billing/subscriber';
import { chanceOf, type Chance } from './chance';
import { idOf, mayRead } from './model';
import { OTHER_PRODUCT, step, type Arena } from './steps';

/** What one storm has come to. A sequence is everything that happens to one customer. */
export interface Weather {
  readonly sequences: number;
  /** Steps that could be taken. */
  readonly steps: number;
  readonly events: number;
  /** Customers that read and should not, or the other way round, each with what led there. */
  readonly differences: readonly string[];
  /** Letters and grants that are missing or there twice. */
  readonly effects: readonly string[];
}

export interface Forecast {
  readonly seed: number;
  readonly customers: number;
  /** How often everything that was held back is delivered. */
  readonly rounds: number;
  /** Are deliveries lost? Then one reconcile must bring everything right. */
  readonly losing: boolean;
}

const GRACE_DAYS = 7;
const DAY = 86_400;

/**
 * Lets random things happen to some customers at once: within a round nothing is delivered, then everything is, in any
 * order, partly twice, one by one or all together. Compares with the model after every round that has lost nothing.
 */
export async function storm({ seed, customers, rounds, losing }: Forecast): Promise<Weather> {
  const dossier = await startDossier({ billing: { graceDays: GRACE_DAYS } });
  try {
    const chance = chanceOf(seed);
    const { world, acts, stripe } = sandboxOf(dossier);
    const prices = [await priceOf(dossier, 'month'), await priceOf(dossier, 'year')];
    const arena: Arena = { world, acts, stripe, chance, prices, foreign: await aForeignPrice(stripe) };
    const players: Subscriber[] = [];
    for (let count = 0; count < customers; count++) players.push(await aCustomer(dossier));
    const histories = new Map<string, string[]>(players.map(({ customer }) => [customer, []]));
    const { deliveries } = dossier.payments!.sandbox;
    const differences: string[] = [];
    let steps = 0;

    for (let round = 0; round < rounds; round++) {
      deliveries.hold();
      for (const { customer } of players) {
        for (let turn = chance.below(4); turn > 0; turn--) {
          const taken = await step(arena, customer);
          if (taken === null) continue;
          steps++;
          histories.get(customer)!.push(`${round}: ${taken}`);
        }
      }
      if (round === rounds - 2) acts.archivePrice(prices[1]!);
      acts.advance(chance.below(20) * DAY + chance.below(DAY));
      if (losing) loseSome(dossier, chance);
      repeatSome(dossier, chance);
      deliveries.release({ random: () => chance.next() }, chance.often(0.5));
      await drained(dossier);
      if (losing && round < rounds - 1) continue;
      if (losing) await reconcileAll(reconciling(dossier));
      differences.push(...(await compare(dossier, players, new Set(prices), round, histories)));
    }
    return {
      sequences: customers,
      steps,
      events: world.events.size,
      differences,
      effects: losing
        ? []
        : // What is paid for another product is not written down, so of its refunds nothing is told.
          await effectsOf(
            dossier,
            players.filter(({ customer }) => !histories.get(customer)!.some((one) => one.endsWith(OTHER_PRODUCT))),
          ),
    };
  } finally {
    await dossier.stop();
  }
}

/** By the month, as one of ours: it may take the place of one on a subscription. */
async function aForeignPrice(stripe: Arena['stripe']): Promise<string> {
  const { id: product } = await stripe.products.create({ name: 'A mug' });
  const recurring = { interval: 'month' } as const;
  return (await stripe.prices.create({ product, currency: 'eur', unit_amount: 900, recurring })).id;
}

const reconciling = (dossier: Dossier) => ({ ...dossier.app.billing, pool: dossier.stores.pool });

function loseSome({ payments }: Dossier, chance: Chance): void {
  const { deliveries } = payments!.sandbox;
  for (const { number, state } of deliveries.log()) if (state === 'held' && chance.often(0.4)) deliveries.drop(number);
}

function repeatSome({ payments }: Dossier, chance: Chance): void {
  const { deliveries } = payments!.sandbox;
  for (const { eventId, state } of deliveries.log())
    if (state === 'held' && chance.often(0.15)) deliveries.redeliver(eventId);
}

async function compare(
  dossier: Dossier,
  players: readonly Subscriber[],
  prices: ReadonlySet<string>,
  round: number,
  histories: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const { world } = sandboxOf(dossier);
  const now = dossier.clock.now();
  const found: string[] = [];
  for (const { accountId, customer } of players) {
    const reads = (await standingOf(dossier, accountId, now)).rank >= 20;
    const should = mayRead(world, customer, { prices, graceDays: GRACE_DAYS }, Math.floor(now.getTime() / 1000));
    if (reads === should) continue;
    const reasons = await dossier.wall.read(accountsViewer, (db) =>
      db.subscription.findMany({
        where: { customer: { accountId } },
        select: { stripeId: true, status: true, accessReason: true, accessUntil: true, endedAt: true },
      }),
    );
    found.push(
      `after round ${round} ${customer} ${reads ? 'reads' : 'does not read'} and ${should ? 'should' : 'should not'}: ${histories.get(customer)!.join(', ')} | ${JSON.stringify(reasons)}`,
    );
  }
  return found;
}

/** One grant for each subscription that ever opened something, one welcome, and one letter for each refund. */
async function effectsOf(dossier: Dossier, players: readonly Subscriber[]): Promise<string[]> {
  const { world } = sandboxOf(dossier);
  const found: string[] = [];
  for (const { accountId, customer, email } of players) {
    const known = world.customers.get(customer);
    if (!known || 'deleted' in known) continue;
    const { grants, letters } = await dossier.wall.read(accountsViewer, async (db) => ({
      grants: await db.grant.findMany({ where: { accountId, source: 'SUBSCRIPTION' }, select: { reference: true } }),
      letters: await db.letter.findMany({ where: { recipient: email }, select: { kind: true } }),
    }));
    const count = (kind: string) => letters.filter((letter) => letter.kind === kind).length;
    if (count('subscription-welcome') !== grants.length)
      found.push(`${customer}: ${count('subscription-welcome')} welcomes for ${grants.length} grants`);
    const charges = new Set(
      [...world.charges.values()].filter((charge) => charge.customer === customer).map(({ id }) => id),
    );
    const refunds = [...world.refunds.values()].filter(
      ({ charge, status }) => charges.has(idOf(charge) ?? '') && status === 'succeeded',
    ).length;
    if (count('refunded') !== refunds) found.push(`${customer}: ${count('refunded')} letters for ${refunds} refunds`);
  }
  return found;
}
