import { accountsViewer } from '../access/viewer';
import { realPayments } from '../billing/stripe/payments';
import { reconcileAll, reconcileChanged, type ReconcileParts } from '../billing/sync/reconcile';
import { replay } from '../billing/stripe/inbox';
import { whereSandboxIs } from '../sandbox/storage';
import { endpointFor, setUpStripe, webhookAddress } from '../billing/stripe/setup';
import { openStripe, unavailable, type StripeClient } from '../billing/stripe/client';
import { syncCustomer, type SyncResult } from '../billing/sync/sync-customer';
import { command, openStores, type CommandContext } from '../command';
import { Refusal } from '../lib/refusal';
import { openLocks } from '../stores/postgres/lock';
import { openWall, type Wall } from '../stores/postgres/wall';

const USAGE = [
  'npm run billing -- setup [--webhook]                     makes products, prices and the portal in Stripe, or',
  '                                                         finds them; with --webhook the endpoint too',
  'npm run billing -- sync <email or customer>              syncs one customer: our records then say what Stripe says',
  'npm run billing -- reconcile [--changed]                 syncs every customer; with --changed receives the events',
  '                                                         that never came',
  'npm run billing -- replay <event>                        puts an event back that could not be processed',
  'npm run billing -- status                                says how things stand',
].join('\n');

command(process.env, process.argv.slice(2), async (work) => {
  const { args, config, database, log, opened } = work;
  const [what, ...rest] = args;
  const postgres = await openStores(work, { max: 10 });
  const wall = openWall(postgres);
  if (what === 'status' && rest.length === 0) return say(await sayStatus(wall));
  if (what === 'replay' && rest.length === 1) {
    if (!(await replay(wall, rest[0]!))) throw new Refusal(`No settled or dead event is called "${rest[0]}".`);
    return say(`${rest[0]} will be looked into once more by the Dossier that runs.`);
  }
  const known =
    (what === 'setup' && (rest.length === 0 || (rest.length === 1 && rest[0] === '--webhook'))) ||
    (what === 'sync' && rest.length === 1) ||
    (what === 'reconcile' && (rest.length === 0 || (rest.length === 1 && rest[0] === '--changed')));
  if (!known) throw new Refusal(USAGE);

  const { stripe, livemode } = await openDoor(work, wall);
  const locks = openLocks(database.url, log);
  opened('the locks', () => locks.close());
  const parts: ReconcileParts = {
    wall,
    pool: postgres.pool,
    stripe,
    clock: await clockOf(work, wall),
    log,
    locks,
    livemode,
    graceDays: config.graceDays,
    accountChanged: () => undefined,
  };
  try {
    if (what === 'setup') await setUp(work, parts, rest[0] === '--webhook');
    else if (what === 'sync') await sync(parts, rest[0]!);
    else await reconcile(parts, rest[0] === '--changed');
  } catch (error) {
    if (unavailable(error))
      throw new Refusal(
        config.stripeKey === null
          ? 'Stripe does not answer: the sandbox runs beside Dossier, so start that first (npm start). ' +
              'Nothing is lost; try again.'
          : 'Stripe does not answer. Nothing is lost; try again.',
      );
    throw error;
  }
});

/** The real Stripe, or the sandbox of the Dossier that runs on this database. */
async function openDoor(
  { config }: CommandContext,
  wall: Wall,
): Promise<{ readonly stripe: StripeClient; readonly livemode: boolean }> {
  if (config.stripeKey !== null) return realPayments(config.stripeKey, config.webhookSecrets);
  const world = await whereSandboxIs(wall);
  if (!world)
    throw new Refusal(
      'There is no STRIPE_SECRET_KEY, and no sandbox either: start Dossier first (npm start), or set the key.',
    );
  return {
    stripe: openStripe({
      key: world.apiKey,
      at: { host: '127.0.0.1', port: Number(new URL(world.url).port) },
      timeout: 3_000,
      retries: 0,
    }),
    livemode: false,
  };
}

/** The sandbox's clock may be ahead of the machine's. */
async function clockOf({ config }: CommandContext, wall: Wall) {
  const ahead = config.stripeKey === null ? ((await whereSandboxIs(wall))?.offset ?? 0) * 1_000 : 0;
  return { now: () => new Date(Date.now() + ahead) };
}

async function setUp({ config }: CommandContext, parts: ReconcileParts, webhook: boolean): Promise<void> {
  const made = await setUpStripe(parts, config.publicUrl);
  say(made.length > 0 ? `Made: ${made.join(', ')}.` : 'Everything was there already.');
  if (!webhook)
    return say(
      config.stripeKey === null
        ? 'The sandbox sends its events here by itself.'
        : 'Stripe sends its events where a webhook endpoint says; --webhook makes one for ' +
            `${webhookAddress(config.publicUrl)}.`,
    );
  const { id, secret } = await endpointFor(parts.stripe, webhookAddress(config.publicUrl));
  say(
    secret === null
      ? `The webhook endpoint ${id} was there already; its secret is in Stripe's dashboard.`
      : `Made the webhook endpoint ${id}. Its secret is said once, set it now:\nSTRIPE_WEBHOOK_SECRET=${secret}`,
  );
}

async function sync(parts: ReconcileParts, whom: string): Promise<void> {
  const customers = whom.startsWith('cus_')
    ? [whom]
    : (
        await parts.wall.read(accountsViewer, (db) =>
          db.customer.findMany({
            where: { account: { email: whom.toLowerCase() }, stripeId: { not: null } },
            select: { stripeId: true },
          }),
        )
      ).map(({ stripeId }) => stripeId!);
  if (customers.length === 0) throw new Refusal(`Nobody called "${whom}" has ever been a customer.`);
  for (const customer of customers) {
    say(`${customer}: ${describeSync(await syncCustomer(parts, customer))}.`);
  }
}

function describeSync({ outcome, access, changed, emailCorrected }: SyncResult): string {
  if (outcome === 'ignored') return "nobody's here";
  if (outcome === 'unknown')
    return (
      'Stripe knows neither this customer nor what they pay for: ' + "is its key another account's? Nothing was changed"
    );
  const records = changed ? 'our records were put right' : 'our records were right';
  const told = emailCorrected ? ', Stripe has been told the address' : '';
  return `${records}${told}; ${access ? 'reads for what is paid' : 'nothing paid opens anything now'}`;
}

async function reconcile(parts: ReconcileParts, changed: boolean): Promise<void> {
  const done = await (changed ? reconcileChanged(parts) : reconcileAll(parts));
  if (!done) throw new Refusal('Another process is comparing at this moment.');
  say(
    `${done.checked} ${changed ? 'events' : 'customers'} looked at, ${done.repaired} ` +
      `${changed ? 'taken in that never came' : 'put right'}.`,
  );
}

async function sayStatus(wall: Wall): Promise<string> {
  return wall.read(accountsViewer, async (db) => {
    const inbox = await db.inboxEvent.groupBy({ by: ['state'], _count: true, orderBy: { state: 'asc' } });
    const subscriptions = await db.subscription.groupBy({
      by: ['status', 'accessReason'],
      _count: true,
      orderBy: [{ status: 'asc' }, { accessReason: 'asc' }],
    });
    const alarms = await db.alarm.findMany({ where: { settledAt: null }, orderBy: { lastAt: 'desc' }, take: 20 });
    const dead = await db.inboxEvent.findMany({
      where: { state: 'dead' },
      orderBy: { receivedAt: 'desc' },
      take: 20,
      select: { eventId: true, type: true, failure: true },
    });
    const byAccess = subscriptions.map(({ status, accessReason, _count }) => `${_count} ${status} (${accessReason})`);
    const [last] = await db.reconciliation.findMany({ orderBy: { startedAt: 'desc' }, take: 1 });
    return [
      `Events: ${inbox.map(({ state, _count }) => `${_count} ${state}`).join(', ') || 'none'}`,
      `Subscriptions: ${byAccess.join(', ') || 'none'}`,
      `Last comparison: ${last ? describeReconciliation(last) : 'none'}`,
      ...dead.map(({ eventId, type, failure }) => `Dead: ${eventId} ${type}: ${failure ?? ''}`),
      ...alarms.map(
        ({ kind, subject, times, lastAt }) => `Alarm: ${kind} ${subject}, ${times}×, last ${lastAt.toISOString()}`,
      ),
    ].join('\n');
  });
}

function describeReconciliation({
  startedAt,
  scope,
  looked,
  repaired,
  failure,
}: {
  readonly startedAt: Date;
  readonly scope: string;
  readonly looked: number;
  readonly repaired: number;
  readonly failure: string | null;
}): string {
  const came = `${startedAt.toISOString()}, ${scope}, ${looked} looked at, ${repaired} put right`;
  return failure ? `${came}, failed: ${failure}` : came;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
