import { createHmac, randomBytes } from 'node:crypto';
import { accountsViewer } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { API_VERSION } from '../../src/billing/stripe/client';
import { asSuperuserIn, withDatabase } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

const SECRETS = ['whsec_the_one_of_before', 'whsec_the_one_of_today'] as const;
const payments = { ...noPayments(), webhookSecrets: SECRETS };

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: { works: false, payments } });
});
afterAll(() => dossier.stop());

const anEvent = (more: object = {}): Record<string, unknown> => ({
  id: `evt_${randomBytes(12).toString('hex')}`,
  object: 'event',
  api_version: API_VERSION,
  created: Math.floor(Date.now() / 1000),
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type: 'customer.subscription.updated',
  data: { object: { id: 'sub_1', object: 'subscription', customer: 'cus_1' } },
  ...more,
});

const sign = (payload: string, secret: string = SECRETS[1], timestamp = Math.floor(Date.now() / 1000)) =>
  payments.stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

/** Signed as Stripe signs, at whatever moment it is said to be. */
const signAt = (payload: string, moment: string) =>
  `t=${moment},v1=${createHmac('sha256', SECRETS[1]).update(`${moment}.${payload}`).digest('hex')}`;

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; text: string; headers: Headers }> {
  const answer = await fetch(`${dossier.url}/webhooks/stripe`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    redirect: 'manual',
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const inbox = () =>
  dossier.wall.read(accountsViewer, (db) => db.inboxEvent.findMany({ orderBy: { receivedAt: 'asc' } }));
const jobsOf = async (key: string) =>
  (
    await dossier.stores.pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE key = $1',
      [key],
    )
  ).rows[0]!.count;
const about = (customer: string | undefined) => ({
  data: { object: { id: 'sub_1', object: 'subscription', ...(customer === undefined ? {} : { customer }) } },
});

test('an event that is signed is kept with its job, and nothing more is said', async () => {
  const event = anEvent(about('cus_one'));
  const body = JSON.stringify(event, null, 2);
  const answer = await post(body, { 'Stripe-Signature': sign(body) });
  expect([answer.status, answer.text]).toEqual([200, '{"received":true}']);
  expect(answer.headers.get('set-cookie')).toBeNull();
  const [kept] = (await inbox()).filter(({ eventId }) => eventId === event['id']);
  expect(kept).toMatchObject({
    type: 'customer.subscription.updated',
    objectId: 'sub_1',
    customerRef: 'cus_one',
    state: 'received',
    payload: event,
  });
  expect(await jobsOf('customer cus_one')).toBe(1);
});

test('all that comes of one customer is looked into together; what names no customer, by itself', async () => {
  const events = [anEvent(about('cus_many')), anEvent(about('cus_many')), anEvent(about(undefined))];
  for (const event of events) {
    const body = JSON.stringify(event);
    expect((await post(body, { 'Stripe-Signature': sign(body) })).status).toBe(200);
  }
  expect((await inbox()).filter(({ eventId }) => events.some(({ id }) => id === eventId))).toHaveLength(3);
  expect(await jobsOf('customer cus_many')).toBe(1);
  expect(await jobsOf(`event ${String(events[2]!['id'])}`)).toBe(1);
});

test('an event with a character that Postgres cannot keep is kept without it, and not sent for ever', async () => {
  const event = anEvent({
    data: { object: { id: 'sub_1', object: 'subscription', customer: 'cus_odd', description: 'a\u0000b\ud800c 🙂' } },
  });
  const body = JSON.stringify(event).replace('🙂', '\\ud83d\\ude42');
  expect((await post(body, { 'Stripe-Signature': sign(body) })).status).toBe(200);
  const [kept] = (await inbox()).filter(({ eventId }) => eventId === event['id']);
  expect(kept).toMatchObject({
    customerRef: 'cus_odd',
    payload: { data: { object: { description: 'a\ufffdb\ufffdc 🙂' } } },
  });
});

test('twice, and many times at once, it is one event with one job', async () => {
  const event = anEvent(about('cus_twenty'));
  const body = JSON.stringify(event);
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, { 'Stripe-Signature': sign(body) })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await inbox()).filter(({ eventId }) => eventId === event['id'])).toHaveLength(1);
  expect(await jobsOf('customer cus_twenty')).toBe(1);
});

test('every secret of a rotation holds, and a header with both signatures too', async () => {
  for (const secret of SECRETS) {
    const body = JSON.stringify(anEvent());
    expect((await post(body, { 'Stripe-Signature': sign(body, secret) })).status).toBe(200);
  }
  const body = JSON.stringify(anEvent());
  const [both] = [`${sign(body, 'whsec_somebody_else')},${sign(body).split(',')[1]}`];
  expect((await post(body, { 'Stripe-Signature': both })).status).toBe(200);
});

test('those that are forged, replayed, truncated, foreign or of another version are refused, and change nothing', async () => {
  const before = await inbox();
  const now = Math.floor(Date.now() / 1000);
  const kinds: readonly (readonly [
    string,
    number,
    (body: string) => readonly [string | Uint8Array<ArrayBuffer>, Record<string, string>],
  ])[] = [
    ['without a signature', 400, (body) => [body, {}]],
    ['with an empty signature', 400, (body) => [body, { 'Stripe-Signature': '' }]],
    ['with a signature of noise', 400, (body) => [body, { 'Stripe-Signature': randomBytes(30).toString('base64url') }]],
    [
      'signed with another secret',
      400,
      (body) => [body, { 'Stripe-Signature': sign(body, `whsec_${randomBytes(12).toString('hex')}`) }],
    ],
    [
      'changed after it was signed',
      400,
      (body) => [body.replace('sub_1', 'sub_2'), { 'Stripe-Signature': sign(body) }],
    ],
    [
      'truncated',
      400,
      (body) => [body.slice(0, -1 - Math.floor(Math.random() * 40)), { 'Stripe-Signature': sign(body) }],
    ],
    [
      'with the signature of another event',
      400,
      (body) => [body, { 'Stripe-Signature': sign(JSON.stringify(anEvent())) }],
    ],
    ['replayed after six minutes', 400, (body) => [body, { 'Stripe-Signature': sign(body, SECRETS[1], now - 360) }]],
    [
      'replayed under a new time',
      400,
      (body) => [body, { 'Stripe-Signature': sign(body, SECRETS[1], now - 360).replace(/t=\d+/, `t=${now}`) }],
    ],
    ['of a scheme of tests', 400, (body) => [body, { 'Stripe-Signature': sign(body).replace('v1=', 'v0=') }]],
    ['of real money', 400, () => signed({ livemode: true })],
    ['of an older version', 400, () => signed({ api_version: '2019-08-14' })],
    ['of a future version', 400, () => signed({ api_version: '2031-01-01.zenith' })],
    ['without a version', 400, () => signed({ api_version: null })],
    ['signed, but of another kind of object', 400, () => signed({ object: 'v2.core.event' })],
    ['signed, but without an id', 400, () => signed({ id: undefined })],
    ['signed, with an id that is none', 400, () => signed({ id: "evt_'; DROP TABLE inbox; --" })],
    ['signed, with a character zero in its type', 400, () => signed({ type: 'customer.\u0000updated' })],
    ['signed, with a character zero in a name', 400, () => signed({ data: { object: { 'a\u0000b': 1 } } })],
    ['signed, made in a year that no calendar has', 400, () => signed({ created: 1e18 })],
    ['signed, made before there was a clock', 400, () => signed({ created: -1 })],
    ['signed, made within a second', 400, () => signed({ created: 1.5 })],
    [
      'signed, with a number too large to keep',
      400,
      () => raw(JSON.stringify(anEvent({ data: { object: { n: 17 } } })).replace('"n":17', '"n":1e999999')),
    ],
    [
      'signed, 20,000 levels deep',
      400,
      () =>
        raw(
          JSON.stringify(anEvent({ data: 17 })).replace(
            '"data":17',
            `"data":${'['.repeat(20_000)}${']'.repeat(20_000)}`,
          ),
        ),
    ],
    ['signed at a moment that is none', 400, (body) => [body, { 'Stripe-Signature': signAt(body, 'NaN') }]],
    [
      'signed at a moment with words after it',
      400,
      (body) => [body, { 'Stripe-Signature': signAt(body, String(now)).replace(',', 'x,') }],
    ],
    ['signed at two moments', 400, (body) => [body, { 'Stripe-Signature': `t=1,${signAt(body, String(now))}` }]],
    ['signed a day ahead', 400, (body) => [body, { 'Stripe-Signature': sign(body, SECRETS[1], now + 86_400) }]],
    ['signed, but no JSON', 400, () => raw('not JSON at all')],
    ['signed, but empty', 400, () => raw('')],
    ['signed, but a list', 400, () => raw('[]')],
  ];
  function raw(body: string): readonly [string, Record<string, string>] {
    return [body, { 'Stripe-Signature': sign(body) }];
  }
  function signed(more: object): readonly [string, Record<string, string>] {
    return raw(JSON.stringify(anEvent(more)));
  }

  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(
      kinds.map(async ([name, status, make]) => {
        const [body, headers] = make(JSON.stringify(anEvent()));
        return [name, status, await post(body, headers)] as const;
      }),
    );
    expect(answers.map(([name, , { status, text }]) => [name, status, text])).toEqual(
      answers.map(([name, status]) => [name, status, '']),
    );
  }
  expect(await inbox()).toEqual(before);
  const alarms = await dossier.wall.read(accountsViewer, (db) =>
    db.alarm.findMany({ select: { kind: true, subject: true }, orderBy: [{ kind: 'asc' }, { subject: 'asc' }] }),
  );
  expect(alarms).toEqual([
    { kind: 'other-version', subject: '2019-08-14' },
    { kind: 'other-version', subject: '2031-01-01.zenith' },
    { kind: 'other-version', subject: 'null' },
    { kind: 'webhook-clock', subject: 'signature' },
  ]);
});

test('too much is refused with 413, packed bytes with 400, another method with 405; none keeps anything', async () => {
  const before = (await inbox()).length;
  const large = JSON.stringify(anEvent({ padding: 'x'.repeat(1_100_000) }));
  expect((await post(large, { 'Stripe-Signature': sign(large) })).status).toBe(413);
  const body = JSON.stringify(anEvent());
  expect((await post(body, { 'Stripe-Signature': sign(body), 'Content-Encoding': 'gzip' })).status).toBe(400);
  const got = await fetch(`${dossier.url}/webhooks/stripe`);
  expect([got.status, got.headers.get('allow'), await got.text()]).toEqual([405, 'POST', '']);
  expect(await inbox()).toHaveLength(before);
});

test('a signed event comes in whatever origin it names, and whatever cookie it brings', async () => {
  const body = JSON.stringify(anEvent());
  expect(
    (
      await post(body, {
        'Stripe-Signature': sign(body),
        Origin: 'https://elsewhere.example',
        Cookie: 'dossier=s%3Anonsense',
      })
    ).status,
  ).toBe(200);
});

test('while Postgres is away it says 503, so that Stripe comes again', async () => {
  const away = await startDossier({ billing: { works: false, payments }, hasty: true });
  const database = new URL(away.urls.app).pathname.slice(1);
  const outside = (sql: string) =>
    asSuperuserIn(withDatabase(away.urls.superuser, 'postgres'), (client) => client.query(sql));
  try {
    await outside(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    await outside(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
    await until(async () => (await fetch(`${away.url}/readyz`)).status === 503);
    const body = JSON.stringify(anEvent());
    const answer = await fetch(`${away.url}/webhooks/stripe`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', 'Stripe-Signature': sign(body) },
    });
    expect([answer.status, await answer.text()]).toEqual([503, '']);
  } finally {
    await away.stop();
  }
});
