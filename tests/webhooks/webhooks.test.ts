import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { openSecretSealer, type SecretSealer } from '../../src/accounts/second-factor/secret';
import { noPayments } from '../../src/billing/stripe/payments';
import { systemClock } from '../../src/lib/clock';
import { isPublicAddress } from '../../src/webhooks/addresses';
import { lookAtMembers } from '../../src/webhooks/members';
import { postOnce } from '../../src/webhooks/post';
import { resealWebhooks } from '../../src/webhooks/reseal';
import { expireDeliveries, sealedFor } from '../../src/webhooks/send';
import { somebody } from '../admin/support';
import { original } from '../support/briefing';
import { PASSWORD, anAccount, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { until } from '../support/until';

interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}
let program: Server;
let told: Told[] = [];
let answers: { status: number; headers?: Readonly<Record<string, string>> } = { status: 204 };
let origin: string;
let dossier: Dossier;
let cookie: string;
let adminId: string;

beforeAll(async () => {
  program = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      told.push({ headers: req.headers, body, path: req.url ?? '' });
      res.writeHead(answers.status, answers.headers).end('an answer nobody reads');
    });
  });
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(program.address() as AddressInfo).port}`;
  dossier = await startDossier({
    billing: { works: true, payments: { ...noPayments(), clock: systemClock } },
    privateWebhooks: true,
  });
  const admin = await somebody(dossier, 'admin');
  [cookie, adminId] = [admin.cookie, admin.id];
  const passwordHash = await hashPassword(PASSWORD);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: admin.id }, data: { passwordHash }, select: { id: true } }),
  );
});
afterAll(async () => {
  await dossier?.stop();
  program?.close();
});
beforeEach(async () => {
  [told, answers] = [[], { status: 204 }];
  await dossier.wall.write(accountsViewer, (db) => db.webhook.deleteMany());
  await dossier.stores.pool.query(
    `SELECT graphile_worker.complete_jobs(
       ARRAY(SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'send-webhook'))`,
  );
});

const OLDER = 'an older key of at least thirty-two letters';
const ALL = ['briefing.published', 'briefing.changed', 'briefing.withdrawn', 'member.joined', 'member.tier-changed'];

/** Makes one by the form; its id and secret. */
async function make(events: readonly string[] = ALL, path = '/hook') {
  const form = new URLSearchParams([
    ...[
      ['name', 'A program'],
      ['url', `${origin}${path}`],
      ['current', PASSWORD],
    ],
    ...events.map((event) => ['events', event]),
  ] as [string, string][]);
  const made = await send(dossier, '/admin/webhooks/new', form.toString(), { cookie });
  expect(made.status).toBe(201);
  const back = made.html.querySelector('.section-do a')!.getAttribute('href')!;
  return { id: back.split('/').at(-1)!, secret: made.html.querySelector('.secret code')!.text };
}
const act = (path: string, fields: Readonly<Record<string, string>> = {}) =>
  send(dossier, `/admin/webhooks/${path}`, fields, { cookie });
const bodies = () => told.map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> });
const hears = (n: number) => until(() => told.length >= n, 20_000);
const deliveries = () =>
  dossier.wall.read(accountsViewer, (db) => db.webhookDelivery.findMany({ orderBy: { createdAt: 'asc' } }));
const hurry = () =>
  dossier.stores.pool.query(
    `SELECT graphile_worker.reschedule_jobs(
       ARRAY(SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'send-webhook'), run_at => now())`,
  );
const jobs = async () =>
  (
    await dossier.stores.pool.query(
      `SELECT FROM graphile_worker.jobs WHERE task_identifier IN ('look-at-member', 'send-webhook')`,
    )
  ).rowCount;
const signed = (secret: string, { headers, body }: Told) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`)
    .digest('base64')}`;

let made = 0;
const file = (slug: string, changes: Readonly<Record<string, string | null>> = {}) =>
  original({ slug, published: new Date(Date.now() - 2_000).toISOString(), ...changes });

test('a briefing published, changed or withdrawn is told in signed requests of public text', async () => {
  const { secret } = await make();
  const slug = `told-${made++}`;
  await dossier.take(slug, { 'en.md': file(slug) });
  await hears(1);
  await dossier.take(slug, { 'en.md': file(slug).replace('The open body.', 'Another body.') });
  await hears(2);
  await dossier.take(slug, { 'en.md': file(slug, { state: 'draft' }) });
  await hears(3);
  await dossier.take(slug, { 'en.md': file(slug, { state: 'draft', impact: 'low' }) });
  expect(bodies().map(({ type, data }) => [type, data['slug']])).toEqual(
    ['published', 'changed', 'withdrawn'].map((what) => [`briefing.${what}`, slug]),
  );
  expect(bodies()[0]!.data).toMatchObject({
    category: 'cloud-service',
    editions: [{ language: 'en', title: 'A signal in English', url: `${dossier.url}/briefings/${slug}` }],
  });
  expect(bodies()[2]!.data).toEqual({ id: bodies()[0]!.data['id'], slug });
  expect(JSON.stringify(told)).not.toContain('GATED');
  for (const one of told) expect(one.headers['webhook-signature']).toBe(signed(secret, one));
  expect((await deliveries()).map(({ state, responseCode }) => [state, responseCode])).toEqual(
    [1, 2, 3].map(() => ['delivered', 204]),
  );
  const stored = await dossier.wall.read(accountsViewer, (db) => db.webhook.findFirstOrThrow());
  expect([stored.secret.startsWith('sealed.'), JSON.stringify(stored).includes(secret)]).toEqual([true, false]);
});

test('what is not public yet, or was published long ago, is not told; what opens later is told then', async () => {
  await make();
  const opens = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19);
  await dossier.take('early-on', {
    'en.md': file('early-on', { early: `\n    tier: leadership-alliance\n    until: ${opens}Z` }),
  });
  await dossier.take('brought-in', { 'en.md': file('brought-in', { published: '2024-02-27T09:00:00Z' }) });
  await dossier.take('a-draft', { 'en.md': file('a-draft', { state: 'draft' }) });
  await dossier.take('planned', { 'en.md': file('planned', { published: '2999-01-01T00:00:00Z' }) });
  await dossier.take('planned', { 'en.md': file('planned', { published: '2999-01-02T00:00:00Z' }) });
  expect((await deliveries()).map(({ slug, dueAt }) => [slug, dueAt.toISOString().slice(0, 19)])).toEqual([
    ['early-on', opens],
    ['planned', '2999-01-02T00:00:00'],
  ]);
  // One that comes too soon finds nothing public, and says nothing.
  await hurry();
  await until(async () => (await deliveries()).every(({ state }) => state === 'dropped'), 20_000);
  expect(told).toEqual([]);
});

test('a transaction that is taken back has told nothing', async () => {
  await make();
  const slug = `undone-${made++}`;
  const undone = dossier.wall.write(editorialViewer, async (db) => {
    await db.briefing.update({ where: { slug: 'brought-in' }, data: { state: 'draft' }, select: { id: true } });
    throw new Error(slug);
  });
  await expect(undone).rejects.toThrow(slug);
  expect(await deliveries()).toEqual([]);
});

test('members who join or change tier are told by an id and a tier; those brought in are not', async () => {
  await anAccount(dossier);
  await make();
  const { id } = await anAccount(dossier);
  await hears(1);
  const grant = { accountId: id, tierSlug: 'leadership-alliance', source: 'COMP' as const, from: new Date(0) };
  await dossier.wall.write(accountsViewer, (db) => db.grant.create({ data: grant }));
  await hears(2);
  // It ends by the clock alone.
  const ends = { until: new Date(Date.now() + 3_600_000) };
  await dossier.wall.write(accountsViewer, (db) =>
    db.grant.updateMany({ where: { accountId: id, source: 'COMP' }, data: ends }),
  );
  await until(async () => (await jobs()) === 0, 20_000);
  await lookAtMembers(dossier.wall, new Date(Date.now() + 2 * 3_600_000));
  await hears(3);
  const circle = { id, tier: 'strategy-circle' };
  expect(bodies().map(({ type, data }) => [type, data])).toEqual([
    ['member.joined', { ...circle, formerTier: null }],
    ['member.tier-changed', { id, tier: 'leadership-alliance', formerTier: 'strategy-circle' }],
    ['member.tier-changed', { ...circle, formerTier: 'leadership-alliance' }],
  ]);
  expect(JSON.stringify(told)).not.toContain('@');
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.$queryRaw`SELECT set_config('dossier.bulk', 'on', true)`;
    const data = Array.from({ length: 50 }, (_, n) => ({ email: `in-${n}@example.org`, name: 'x', lang: 'en' }));
    const rows = await db.account.createManyAndReturn({ data, select: { id: true } });
    await db.grant.createMany({
      data: rows.map((row) => ({ accountId: row.id, tierSlug: 'strategy-circle', source: 'COMP', from: new Date(0) })),
    });
  });
  await lookAtMembers(dossier.wall, new Date());
  expect([await jobs(), (await deliveries()).length]).toEqual([0, 3]);
});

describe('failing', () => {
  const publish = async () => {
    const slug = `failing-${made++}`;
    await dossier.take(slug, { 'en.md': file(slug) });
  };

  test('it is tried again under the same id, and seen; a redirect is not followed', async () => {
    const { id } = await make(['briefing.published']);
    answers = { status: 302, headers: { Location: `${origin}/elsewhere` } };
    await publish();
    await hears(1);
    await until(async () => (await deliveries())[0]!.responseCode === 302, 20_000);
    const seen = await visit(`${dossier.url}/admin/webhooks/${id}`, { headers: { Cookie: cookie } });
    expect(seen.text).toContain('302, after 1 try');
    answers = { status: 200 };
    await hurry();
    await hears(2);
    await until(async () => (await deliveries())[0]!.state === 'delivered', 20_000);
    expect([new Set(told.map(({ headers }) => headers['webhook-id'])).size, told.map(({ path }) => path)]).toEqual([
      1,
      ['/hook', '/hook'],
    ]);
    const [{ id: delivery }] = (await deliveries()) as unknown as [{ id: string }];
    expect((await act(`${id}/deliveries/${delivery}/again`)).headers.get('location')).toBe(
      `/admin/webhooks/${id}?done=webhook-sent-again`,
    );
    await hears(3);
  });

  const row = (id: string) =>
    dossier.wall.read(accountsViewer, (db) => db.webhook.findUniqueOrThrow({ where: { id } }));
  const isPaused = (id: string) => until(async () => (await row(id)).state === 'paused', 20_000);
  const pageOf = (id: string) => visit(`${dossier.url}/admin/webhooks/${id}`, { headers: { Cookie: cookie } });

  test('what has failed for days or is gone is paused, and admins are told once for each time', async () => {
    const letters = () =>
      dossier.wall.read(accountsViewer, (db) =>
        db.letter.findMany({ where: { kind: 'webhook-paused', accountId: adminId }, orderBy: { createdAt: 'asc' } }),
      );
    const { id } = await make(['briefing.published']);
    answers = { status: 410 };
    await publish();
    await isPaused(id);
    expect((await row(id)).reason).toBe('gone');
    expect((await pageOf(id)).html.querySelector('.done-bad')!.text).toContain('410');
    answers = { status: 500 };
    await act(`${id}/resume`);
    await dossier.wall.write(accountsViewer, (db) =>
      db.webhook.update({ where: { id }, data: { failingSince: new Date(Date.now() - 4 * 86_400_000) } }),
    );
    await publish();
    await isPaused(id);
    expect((await row(id)).reason).toBe('failing');
    const sent = await letters();
    expect(sent.map(({ data }) => data)).toEqual(
      ['gone', 'failing'].map((reason) => ({ webhook: id, name: 'A program', reason })),
    );
    const letter = await visit(`${dossier.url}/dev/mail/${sent[0]!.id}`);
    const href = letter.html.querySelector('.letter-link')!.getAttribute('href');
    expect([letter.text.includes('A program'), href]).toEqual([true, `${dossier.url}/admin/webhooks/${id}`]);
    await act(`${id}/resume`);
    await act(`${id}/pause`);
    expect(await letters()).toHaveLength(2);
  });

  test('what happens while it is paused waits for it: of each briefing how it is at the end', async () => {
    const { id } = await make(['briefing.published', 'briefing.changed', 'briefing.withdrawn', 'member.joined']);
    await act(`${id}/pause`);
    const [stays, goes] = [`stays-${made++}`, `goes-${made++}`];
    for (const slug of [stays, goes]) await dossier.take(slug, { 'en.md': file(slug) });
    await dossier.take(stays, { 'en.md': file(stays).replace('The open body.', 'Another body.') });
    await dossier.take(goes, { 'en.md': file(goes, { state: 'draft' }) });
    const { id: member } = await anAccount(dossier);
    await until(async () => (await jobs()) === 0, 20_000);
    const waits = (await deliveries()).map(({ event, slug, accountId }) => [event, slug ?? accountId]);
    expect(waits).toEqual([
      ['briefing.published', stays],
      ['briefing.withdrawn', goes],
      ['member.joined', member],
    ]);
    expect(told).toEqual([]);
    const page = await pageOf(id);
    expect(page.html.querySelectorAll('.follow-row button').map(({ text }) => text)).toEqual([
      'Resume, and tell it the 3 that wait',
      'Resume without them',
    ]);
    expect(page.text).toContain('up to 1,000 things: 3 so far');
    await act(`${id}/resume`, { waited: 'tell' });
    await hears(3);
    expect(JSON.stringify(bodies())).toContain(stays);
    expect(
      bodies()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(waits.map(([event]) => event).sort());
  });

  test('it is resumed without what waits, where that is said; what is planned comes in its time', async () => {
    const { id } = await make(['briefing.published']);
    await act(`${id}/pause`);
    await publish();
    const later = `later-${made++}`;
    await dossier.take(later, { 'en.md': file(later, { published: '2999-01-01T00:00:00Z' }) });
    expect((await act(`${id}/resume`, { waited: 'perhaps' })).status).toBe(400);
    expect((await act(`${id}/resume`, { waited: 'skip' })).status).toBe(303);
    await publish();
    await hears(1);
    await until(async () => (await deliveries()).some(({ state }) => state === 'delivered'), 20_000);
    expect((await deliveries()).map(({ state }) => state)).toEqual(['skipped', 'waiting', 'delivered']);
    expect((await pageOf(id)).text).toContain('left out');
  });

  test('a thousand things wait at most, for a month', async () => {
    const { id } = await make(['briefing.published']);
    await act(`${id}/pause`);
    const waits = (dueAt: Date, n: number) =>
      dossier.wall.write(accountsViewer, (db) =>
        db.webhookDelivery.createMany({
          data: Array.from({ length: n }, () => ({
            ...{ webhookId: id, event: 'briefing.published', briefingId: crypto.randomUUID(), slug: 'x', dueAt },
          })),
        }),
      );
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    await waits(daysAgo(31), 1);
    await waits(daysAgo(29), 1);
    await expireDeliveries({ wall: dossier.wall, clock: systemClock });
    expect(await deliveries()).toHaveLength(1);
    await waits(new Date('2999-01-01'), 1_010);
    expect(await deliveries()).toHaveLength(1_000);
  });

  test('paused by an admin, it is told nothing until it is resumed, and then what waited', async () => {
    const { id } = await make(['briefing.published']);
    answers = { status: 500 };
    await publish();
    await hears(1);
    expect((await act(`${id}/pause`)).status).toBe(303);
    expect((await act(`${id}/pause`)).status).toBe(409);
    answers = { status: 200 };
    await hurry();
    await act(`${id}/resume`);
    await until(async () => (await deliveries())[0]!.state === 'delivered', 20_000);
  });
});

test('a new secret takes a proof, and for a day both sign; deleting asks first', async () => {
  const { id, secret } = await make(['briefing.withdrawn', 'briefing.published']);
  expect((await act(`${id}/rotate`, { current: 'not it' })).status).toBe(422);
  const rotated = await act(`${id}/rotate`, { current: PASSWORD });
  const fresh = rotated.html.querySelector('.secret code')!.text;
  const slug = `rotated-${made++}`;
  await dossier.take(slug, { 'en.md': file(slug) });
  await hears(1);
  expect(told[0]!.headers['webhook-signature']).toBe(`${signed(fresh, told[0]!)} ${signed(secret, told[0]!)}`);
  const asked = await visit(`${dossier.url}/admin/webhooks/${id}/delete`, { headers: { Cookie: cookie } });
  expect(asked.html.querySelector('.button-danger')!.text).toBe('Delete it');
  expect((await act(`${id}/delete`)).headers.get('location')).toBe('/admin/webhooks?done=webhook-deleted');
  const log = await visit(`${dossier.url}/admin/audit`, { headers: { Cookie: cookie } });
  for (const action of ['Made a webhook', 'Gave a webhook another secret', 'Deleted a webhook'])
    expect(log.text).toContain(action);
});

test('secrets are sealed anew with the newest key; one that no key opens is counted and left', async () => {
  const [older, newest] = [openSecretSealer([OLDER]), openSecretSealer(['the newest key, thirty-two letters', OLDER])];
  const sealed = (id: string, by: SecretSealer, secret: string) => ({
    where: { id },
    data: { secret: by.seal(secret, sealedFor(id)) },
  });
  const [one, lost] = [await make(), await make()];
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.webhook.updateMany(sealed(one.id, older, one.secret));
    await db.webhook.updateMany(
      sealed(lost.id, openSecretSealer(['a key that nobody kept, however long']), lost.secret),
    );
  });
  expect(await resealWebhooks(dossier.wall, newest)).toBe(1);
  const rows = await dossier.wall.read(accountsViewer, (db) => db.webhook.findMany());
  const secretOf = (id: string) => rows.find((row) => row.id === id)!.secret;
  expect(secretOf(one.id).startsWith(newest.newest)).toBe(true);
  expect(newest.open(secretOf(one.id), sealedFor(one.id))).toBe(one.secret);
  expect(newest.open(secretOf(lost.id), sealedFor(lost.id))).toBeNull();
});

test('the form keeps what was typed and says what is wrong beside the field', async () => {
  const wrong = await send(
    dossier,
    '/admin/webhooks/new',
    { name: '', url: 'ftp://example.org', current: PASSWORD, events: 'nothing' },
    { cookie },
  );
  expect([wrong.status, wrong.html.querySelectorAll('.field-error').length]).toEqual([422, 3]);
  expect(wrong.html.querySelector('input[name="url"]')!.getAttribute('value')).toBe('ftp://example.org');
});

describe('addresses', () => {
  test.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '::1'])(
    '%s is not public',
    (address) => expect(isPublicAddress(address)).toBe(false),
  );
  test.each(['fe80::1', 'fc00::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', 'ff02::1', '2001:db8::1'])(
    '%s is not public either',
    (address) => expect(isPublicAddress(address)).toBe(false),
  );
  test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111'])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test.each([
    ['an address of this machine', 'https://127.0.0.1:1/', 'PrivateAddress'],
    ['one that is written otherwise', 'https://2130706433/', 'PrivateAddress'],
    ['one of IPv6', 'https://[::1]:1/', 'PrivateAddress'],
    ['a name that leads to this machine', 'https://localhost:1/', 'PrivateAddress'],
    ['what is not encrypted', 'http://93.184.216.34/', 'PrivateAddress'],
  ])('%s is refused before anything is sent', async (_what, url, failure) => {
    expect(await postOnce({ url, body: '{}', headers: {}, mayBePrivate: false })).toEqual({ failure });
  });
});
