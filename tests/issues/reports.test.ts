import { createHmac, randomUUID } from 'node:crypto';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { unsubscribeToken } from '../../src/issues/unsubscribe-token';
import { act, open, somebody, type Somebody } from '../admin/support';
import { enter, type Member } from '../support/cast';
import { anyEmail, send } from '../support/door';
import { SESSION_SECRET, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { until } from '../support/until';
import { hasState, lettersOf, messageId, partOf, sendToMany, startIssues, to } from './support';

const KEY = Buffer.alloc(24, 7).toString('base64');
const SECRETS = {
  webhook: [`whsec_${KEY}`],
  mailgun: ['a signing key of mailgun'],
  postmark: ['post:a long password'],
};

let server: MailServer;
let dossier: Dossier;
let editor: Member;
let admin: Somebody;
let briefingId: string;

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startIssues(server, { mailReports: SECRETS });
  editor = await enter(dossier, 'editor');
  admin = await somebody(dossier, 'admin');
  briefingId = await dossier.wall.read(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } });
    return id;
  });
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});

/** A member who has chosen letters, long ago. */
async function member(): Promise<Somebody> {
  const one = await somebody(dossier);
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.account.update({ where: { id: one.id }, data: { verifiedAt: new Date(0) }, select: { id: true } });
    await db.listChoice.create({ data: { accountId: one.id, list: 'each', lang: 'en', chosenAt: new Date() } });
  });
  return one;
}
async function subscriber(): Promise<{ id: string; email: string }> {
  return dossier.wall.write(accountsViewer, (db) =>
    db.subscriber.create({
      data: { email: anyEmail(), list: 'each', lang: 'en', confirmedAt: new Date(0) },
      select: { id: true, email: true },
    }),
  );
}

const blockOf = async (email: string) => {
  const row = await dossier.wall.read(accountsViewer, (db) => db.mailBlock.findUnique({ where: { email } }));
  return row && { kind: row.kind, source: row.source, status: row.status, lifted: row.liftedAt !== null };
};
const post = async (path: string, body: string | Buffer, headers: Readonly<Record<string, string>>) =>
  (await fetch(`${dossier.url}/webhooks/${path}`, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers }))
    .status;

interface Signing {
  readonly at?: number;
  readonly key?: string;
  readonly type?: string;
  readonly signed?: string;
}
function sign(body: string, { at = Date.now(), key = KEY, type = 'application/json', signed = body }: Signing = {}) {
  const [id, timestamp] = [randomUUID(), String(Math.floor(at / 1_000))];
  const made = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${timestamp}.${signed}`).digest('base64');
  return {
    ...{ 'Content-Type': type, 'webhook-id': id, 'webhook-timestamp': timestamp },
    'webhook-signature': `v1,AAAA v1,${made}`,
  };
}
const events = (...all: readonly object[]) => JSON.stringify({ events: all });
const bounce = (email: string, more: object = {}) => ({ type: 'bounce', email, status: '5.1.1', ...more });
const report = (body: string, how?: Signing) => post('mail', body, sign(body, how));

describe('a program that signs', () => {
  test('tells of bounces and complaints, of members and subscribers, and of nobody else', async () => {
    const [one, other] = [await member(), await subscriber()];
    const stranger = anyEmail();
    const body = events(bounce(one.email.toUpperCase()), { type: 'complaint', email: other.email }, bounce(stranger), {
      type: 'opened',
      email: one.email,
    });
    expect(await report(body)).toBe(204);
    expect(await blockOf(one.email)).toEqual({ kind: 'bounce', source: 'webhook', status: '5.1.1', lifted: false });
    expect(await blockOf(other.email)).toMatchObject({ kind: 'complaint', status: null });
    expect(await blockOf(stranger)).toBeNull();
    // A complaint says more than a bounce; what is told again changes nothing.
    expect(await report(events({ type: 'complaint', email: one.email }, bounce(other.email)))).toBe(204);
    expect([await blockOf(one.email), await blockOf(other.email)]).toMatchObject([
      { kind: 'complaint' },
      { kind: 'complaint' },
    ]);
  });

  test.each([
    ['without a signature', (body: string) => post('mail', body, { 'Content-Type': 'application/json' }), 401],
    ['signed with another key', (body: string) => report(body, { key: Buffer.alloc(24, 8).toString('base64') }), 401],
    ['signed for another body', (body: string) => report(body, { signed: `${body} ` }), 401],
    ['signed six minutes ago', (body: string) => report(body, { at: Date.now() - 360_000 }), 401],
    ['signed in six minutes', (body: string) => report(body, { at: Date.now() + 360_000 }), 401],
    ['cut off', (body: string) => report(body.slice(0, -1)), 400],
    ['of another form', () => report('{"events":[{"type":"bounce","email":"nobody"}]}'), 400],
    ['too large', (body: string) => report(`${body}${' '.repeat(256 * 1_024)}`), 413],
  ])('that is %s is refused, and blocks nobody', async (_what, told, status) => {
    const { email } = await member();
    expect([await told(events(bounce(email))), await blockOf(email)]).toEqual([status, null]);
  });

  test('and is late: what happened before the address was confirmed again is past', async () => {
    const { email, cookie } = await member();
    const at = new Date().toISOString();
    await report(events(bounce(email, { at })));
    const room = await open(dossier, { cookie }, '/account/letters');
    expect(room.text).toContain('came back on');
    expect(room.html.querySelector('form[action="/account/verify"]')).not.toBeNull();
    await send(dossier, '/account/verify', {}, { cookie });
    await until(() => to(server, email).length === 1, 20_000);
    const token = /\/verify\?token=([\w-]+)/.exec(partOf(to(server, email)[0]!, 'plain').replace(/=\r?\n/g, ''))![1]!;
    expect((await send(dossier, '/verify', { token }, { cookie })).status).toBe(303);
    expect(await blockOf(email)).toMatchObject({ lifted: true });
    expect(await report(events(bounce(email, { at })))).toBe(204);
    expect(await blockOf(email)).toMatchObject({ lifted: true });
    expect(await report(events(bounce(email, { at: new Date().toISOString() })))).toBe(204);
    expect(await blockOf(email)).toMatchObject({ lifted: false });
  });
});

describe('Mailgun', () => {
  const signed = (
    data: object,
    { token = randomUUID() + randomUUID(), at = Date.now(), key = SECRETS.mailgun[0]! } = {},
  ) => {
    const timestamp = String(Math.floor(at / 1_000));
    const signature = createHmac('sha256', key).update(`${timestamp}${token}`).digest('hex');
    return JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': data });
  };
  const failed = (recipient: string, more: object = {}) => ({
    ...{ event: 'failed', severity: 'permanent', recipient, timestamp: Date.now() / 1_000 },
    ...{ 'delivery-status': { code: 550, 'enhanced-code': '5.1.1' }, ...more },
  });
  const tell = (body: string) => post('mailgun', body, { 'Content-Type': 'application/json' });

  test('tells of what failed for good and of complaints, and a token counts for what it came with', async () => {
    const [one, other, third] = [await member(), await member(), await subscriber()];
    const token = randomUUID() + randomUUID();
    const body = signed(failed(one.email), { token });
    expect([await tell(body), await tell(body)]).toEqual([204, 204]);
    expect(await blockOf(one.email)).toEqual({ kind: 'bounce', source: 'mailgun', status: '5.1.1', lifted: false });
    expect([await tell(signed(failed(other.email), { token })), await blockOf(other.email)]).toEqual([401, null]);
    expect(await tell(signed(failed(other.email, { severity: 'temporary' })))).toBe(204);
    expect(await tell(signed({ event: 'opened', recipient: other.email, timestamp: 1 }))).toBe(204);
    expect(await blockOf(other.email)).toBeNull();
    expect(await tell(signed({ ...failed(third.email), event: 'complained' }))).toBe(204);
    expect(await blockOf(third.email)).toMatchObject({ kind: 'complaint' });
  });

  test('is nobody else, and not of yesterday', async () => {
    const { email } = await member();
    expect(await tell(signed(failed(email), { key: 'another key than ours' }))).toBe(401);
    expect(await tell(signed(failed(email), { at: Date.now() - 13 * 3_600_000 }))).toBe(401);
    expect(await tell(JSON.stringify({ 'event-data': failed(email) }))).toBe(401);
    expect(await blockOf(email)).toBeNull();
  });
});

test('Postmark tells of hard bounces and complaints, by its password alone', async () => {
  const tell = (event: object, login = SECRETS.postmark[0]!) =>
    post('postmark', JSON.stringify(event), {
      ...{ 'Content-Type': 'application/json', Authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    });
  const event = (Email: string, Type: string, RecordType = 'Bounce') => ({
    ...{ RecordType, Type, Email, ID: 42, BouncedAt: '2026-11-30T13:28:10.2735393-04:00' },
    Details: 'smtp;550 5.1.1 no such user',
  });
  const [one, other, third] = [await member(), await member(), await member()];
  expect(await tell(event(one.email, 'HardBounce'), 'post:another password')).toBe(401);
  expect(await post('postmark', '{}', {})).toBe(401);
  expect(await tell(event(one.email, 'SoftBounce'))).toBe(204);
  expect(await tell({ RecordType: 'Delivery', Recipient: one.email })).toBe(204);
  expect(await blockOf(one.email)).toBeNull();
  expect(await tell(event(one.email, 'HardBounce'))).toBe(204);
  expect(await tell(event(other.email, 'SpamComplaint', 'SpamComplaint'))).toBe(204);
  expect(await tell({ RecordType: 'Bounce', Type: 'HardBounce', Email: third.email })).toBe(400);
  expect([await blockOf(one.email), await blockOf(other.email), await blockOf(third.email)]).toEqual([
    { kind: 'bounce', source: 'postmark', status: '5.1.1', lifted: false },
    expect.objectContaining({ kind: 'complaint' }),
    null,
  ]);
});

describe('a letter that came in', () => {
  const dsn = (id: string, email: string, { action = 'failed', status = '5.1.1', field = 'Final-Recipient' } = {}) =>
    [
      ...[
        'From: <>',
        'To: letters@publisher.example',
        'Subject: Undelivered Mail Returned to Sender',
        'MIME-Version: 1.0',
      ],
      ...['Content-Type: multipart/report; report-type=delivery-status;', '\tboundary="=_b"', ''],
      ...['--=_b', 'Content-Type: text/plain', '', 'It did not arrive.', ''],
      ...['--=_b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; relay.example', ''],
      ...[`${field}: rfc822;`, ` ${email}`, `Action: ${action}`, `Status: ${status} (no such user)`, ''],
      ...[
        '--=_b',
        'Content-Type: text/rfc822-headers',
        '',
        'Subject: A subject',
        `Message-ID: ${id}`,
        '',
        '--=_b--',
        '',
      ],
    ].join('\r\n');
  const bringsBack = (letter: string) => report(letter, { type: 'message/rfc822' });

  test('brings back one of ours: whom it went to is blocked, gets no further issue, and still a reset', async () => {
    const [one, other] = [await member(), await subscriber()];
    await hasState(dossier, await sendToMany(dossier, editor, briefingId), 'sent');
    const id = messageId(to(server, one.email)[0]!);
    for (const [letter, why] of [
      [dsn(`<${randomUUID()}@publisher.example>`, one.email), 'of nobody'],
      [dsn(id, other.email), 'of somebody else'],
      [dsn(id, one.email, { action: 'delayed', status: '4.4.7' }), 'that waits'],
      [dsn(id, one.email, { status: '5.2.2' }), 'to a full mailbox'],
      [dsn(id, one.email).replace('report-type=delivery-status;', ''), 'of another kind'],
    ] as const)
      expect([why, await bringsBack(letter), await blockOf(one.email), await blockOf(other.email)]).toEqual([
        ...[why, 204, null, null],
      ]);
    expect(await bringsBack(dsn(id, one.email, { field: 'Original-Recipient' }))).toBe(204);
    expect(await blockOf(one.email)).toEqual({ kind: 'bounce', source: 'message', status: '5.1.1', lifted: false });

    server.received.length = 0;
    const issue = await sendToMany(dossier, editor, briefingId);
    await hasState(dossier, issue, 'sent');
    expect([to(server, one.email).length, to(server, other.email).length]).toEqual([0, 1]);
    expect((await lettersOf(dossier, issue)).some(({ accountId }) => accountId === one.id)).toBe(false);
    await send(dossier, '/reset', { email: one.email });
    await until(() => to(server, one.email).length === 1, 20_000);
    expect((await open(dossier, one, '/account')).status).toBe(200);
  });

  test('leaves the letters to many by the token in its subject, however it is written', async () => {
    const [one, other] = [await member(), await subscriber()];
    const leaves = (subject: string) => bringsBack(`From: x@y.example\r\nSubject: ${subject}\r\n\r\n\r\n`);
    expect(await leaves(`leave ${unsubscribeToken(one.id, ['somebody else'])}`)).toBe(204);
    const chosen = (accountId: string) =>
      dossier.wall.read(accountsViewer, (db) => db.listChoice.count({ where: { accountId } }));
    expect(await chosen(one.id)).toBe(1);
    expect(await leaves(`Re: leave\r\n ${unsubscribeToken(one.id, [SESSION_SECRET])}`)).toBe(204);
    expect(await leaves(unsubscribeToken(other.id, [SESSION_SECRET]))).toBe(204);
    expect(await chosen(one.id)).toBe(0);
    expect(await dossier.wall.read(accountsViewer, (db) => db.subscriber.count({ where: { id: other.id } }))).toBe(0);
  });
});

test('a block is shown to support, lifted by an admin with an entry in the log, exported, and goes with the account', async () => {
  const one = await member();
  await report(events(bounce(one.email)));
  const support = await somebody(dossier, 'support');
  const page = await open(dossier, support, `/admin/members/${one.id}`);
  expect([page.text.includes('a letter came back on'), page.text.includes('5.1.1')]).toEqual([true, true]);
  const list = await open(dossier, support, '/admin/members?status=refused');
  expect(list.text).toContain(one.email);
  const exported = await send(dossier, '/account/export', {}, { cookie: one.cookie });
  expect(JSON.parse(exported.text)).toMatchObject({ lettersToMany: { blocked: { kind: 'bounce', status: '5.1.1' } } });
  expect((await open(dossier, support, `/admin/members/${one.id}/lift-mail-block`)).status).toBe(403);
  expect((await act(dossier, admin, one, 'lift-mail-block', '', 'wrote to us')).answer.status).toBe(303);
  expect(await blockOf(one.email)).toMatchObject({ lifted: true });
  const log = await open(dossier, admin, '/admin/audit?action=lift-mail-block');
  expect(log.text).toContain(one.email);
  await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: one.id } }));
  expect(await blockOf(one.email)).toBeNull();
});

test('so it is for a subscriber', async () => {
  const { id, email } = await subscriber();
  await report(events({ type: 'complaint', email }));
  const list = await open(dossier, admin, `/admin/subscribers?q=${email}`);
  expect(list.text).toContain('marked as unwanted');
  const path = `/admin/subscribers/${id}/lift-mail-block`;
  const asked = await open(dossier, admin, path);
  const fields = Object.fromEntries(
    asked.html
      .querySelectorAll('main form[method=post] input')
      .map((one) => [one.getAttribute('name')!, one.getAttribute('value') ?? '']),
  );
  expect((await send(dossier, path, fields, { cookie: admin.cookie })).status).toBe(303);
  expect(await blockOf(email)).toMatchObject({ lifted: true });
  expect((await open(dossier, admin, path)).text).toContain('Nothing keeps letters to many');
  await dossier.wall.write(accountsViewer, (db) => db.subscriber.delete({ where: { id } }));
  expect(await blockOf(email)).toBeNull();
});
