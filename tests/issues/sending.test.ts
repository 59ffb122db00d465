import { death } from './death';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { enter, type Member } from '../support/cast';
import { send } from '../support/door';
import type { Dossier } from '../support/dossier';
import { headOf, startMailServer, type MailServer } from '../support/mail-server';
import { visit } from '../support/page';
import { setSetting } from '../support/set-setting';
import { until } from '../support/until';
import {
  hasJob,
  hasState,
  isSending,
  issueOf,
  lettersOf,
  messageId,
  partOf,
  sendToMany,
  startIssues,
  subscribers,
  to,
  type Subscriber,
} from './support';

let server: MailServer;
let dossier: Dossier;
let editor: Member;
let briefingId: string;
let everybody: Subscriber[];

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startIssues(server);
  editor = await enter(dossier, 'editor');
  briefingId = await dossier.wall.read(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } });
    return id;
  });
  everybody = await subscribers(dossier, 240);
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});
beforeEach(async () => {
  // What a stopped issue had in hand is still on its way, and would be counted to the next test.
  await until(async () => !(await isSending(dossier)), 20_000);
  server.received.length = 0;
  server.answers = {};
  death.now = false;
});

const act = (id: string, name: string) =>
  send(dossier, `/desk/issues/${id}/${name}`, {}, { cookie: editor.headers['Cookie']! });
const GATED = {
  'leadership-alliance': ['trend', 'organization', 'evidence', 'failure', 'source note'],
  'strategy-circle': ['trend', 'organization'],
} as const;

test('everybody gets one letter, at their own tier and in their language, and knows how to leave', async () => {
  const id = await sendToMany(dossier, editor, briefingId);
  await hasState(dossier, id, 'sent');
  expect(everybody.map(({ email }) => to(server, email).length)).toEqual(everybody.map(() => 1));
  for (const { email, tier, lang } of everybody.slice(0, 24)) {
    const [letter] = to(server, email);
    const parts = [partOf(letter!, 'html'), partOf(letter!, 'plain')];
    for (const part of parts) {
      expect(part).toContain(lang === 'en' ? 'The open body.' : 'El cuerpo abierto.');
      if (tier === null) expect([email, part]).toEqual([email, expect.not.stringContaining('GATED')]);
      if (tier === 'strategy-circle') expect(part).not.toMatch(/GATED (?:evidence|failure|source)/);
      for (const word of tier === null ? [] : GATED[tier])
        expect([email, word, part]).toEqual([
          email,
          word,
          expect.stringMatching(lang === 'es' && word === 'trend' ? /GATED contexto/ : new RegExp(`GATED ${word}`)),
        ]);
      expect(part).toMatch(/\/letters\/leave\?token=[\w-]{64}/);
    }
    expect(parts[0]).not.toMatch(/<img|https:\/\/unsubscribe\.invalid/);
    expect(letter!.raw).toMatch(lang === 'en' ? /^Subject: A subject/m : /^Subject: Un asunto/m);
    const head = letter!.raw.replace(/\r\n[ \t]+/g, ' ');
    expect(head).toMatch(/^List-Unsubscribe: <http:\/\/127\.0\.0\.1:\d+\/letters\/one-click\?token=[\w-]{64}>/m);
    expect(letter!.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
    expect(letter!.raw).toMatch(/^List-ID: <each\.letters\.127\.0\.0\.1>/m);
    expect(headOf(letter!)).toContain('Message-ID');
  }
  const rows = await lettersOf(dossier, id);
  expect(new Set(rows.map(({ rank }) => rank))).toEqual(new Set([0, 10, 20]));
});

test('where the publisher says where one leaves by mail, letters say so beside the one click', async () => {
  await setSetting(dossier, 'mail', { leaveAddress: 'leave+now@publisher.example' });
  const id = await sendToMany(dossier, editor, briefingId, { tiers: 'leadership-alliance' });
  await hasState(dossier, id, 'sent');
  await setSetting(dossier, 'mail', { leaveAddress: '' });
  const head = server.received[0]!.raw.replace(/\r\n[ \t]+/g, ' ');
  const [, link, token] =
    /^List-Unsubscribe: <(http[^>]+)>, <mailto:leave%2Bnow@publisher\.example\?subject=leave%20([\w-]{64})>\r$/m.exec(
      head,
    )!;
  expect(link).toBe(`${dossier.url}/letters/one-click?token=${token}`);
});

test('a form that is sent twice is one issue; a rank that is gone when it is sent opens nothing', async () => {
  const [lapsed] = everybody.filter(({ tier }) => tier === 'leadership-alliance');
  await dossier.wall.write(accountsViewer, (db) =>
    db.grant.updateMany({ where: { account: { email: lapsed!.email } }, data: { revokedAt: new Date() } }),
  );
  const submission = crypto.randomUUID();
  await sendToMany(dossier, editor, briefingId, { submission }).catch(() => undefined);
  const again = new URLSearchParams({ submission, do: 'send', lists: 'each', tiers: 'public' }).toString();
  await send(dossier, `/desk/briefings/${briefingId}/issue`, again, { cookie: editor.headers['Cookie']! });
  await hasState(dossier, submission, 'sent');
  expect(to(server, lapsed!.email)).toHaveLength(1);
  expect(partOf(to(server, lapsed!.email)[0]!, 'html')).not.toContain('GATED');
  expect(server.received).toHaveLength(everybody.length);
});

test('a worker that dies leaves nobody out, and sends again only what it had in hand, under the same name', async () => {
  death.met = 0;
  const id = await sendToMany(dossier, editor, briefingId);
  await until(() => server.received.length > 40, 20_000);
  death.now = true;
  await until(() => death.met > 0, 20_000);
  death.now = false;
  await hasState(dossier, id, 'sent');
  const copies = everybody.map(({ email }) => to(server, email));
  expect(copies.filter((all) => all.length === 0)).toEqual([]);
  const twice = copies.filter((all) => all.length > 1);
  expect(twice.length).toBeGreaterThan(0);
  expect(twice.length).toBeLessThanOrEqual(5);
  for (const all of twice) expect(new Set(all.map(messageId)).size).toBe(1);
  expect(server.received).toHaveLength(everybody.length + twice.length);
}, 60_000);

test('pausing holds until it goes on; stopping is for good; nobody gets it twice', async () => {
  const id = await sendToMany(dossier, editor, briefingId);
  await until(() => server.received.length > 10, 20_000);
  expect((await act(id, 'pause')).status).toBe(303);
  await until(async () => !(await hasJob(dossier, id)), 20_000);
  const held = server.received.length;
  expect(held).toBeLessThan(everybody.length);
  expect((await issueOf(dossier, id)).state).toBe('paused');
  const page = await visit(`${dossier.url}/desk/issues/${id}`, { headers: editor.headers });
  expect([page.status, page.text.includes(`${held} of ${everybody.length} sent`)]).toEqual([200, true]);
  expect((await act(id, 'resume')).status).toBe(303);
  await until(() => server.received.length > held + 5, 20_000);
  expect((await act(id, 'stop')).status).toBe(303);
  await until(async () => !(await hasJob(dossier, id)), 20_000);
  const rows = await lettersOf(dossier, id);
  expect(rows.filter(({ state }) => state === 'waiting')).toEqual([]);
  expect(rows.filter(({ state }) => state === 'sent')).toHaveLength(server.received.length);
  expect(new Set(server.received.map(({ recipients }) => recipients[0])).size).toBe(server.received.length);
  expect((await act(id, 'resume')).status).toBe(409);
}, 60_000);

test('a briefing that is withdrawn stops what is not out yet', async () => {
  const id = await sendToMany(dossier, editor, briefingId);
  await until(() => server.received.length > 10, 20_000);
  const is = (state: 'archived' | 'published') =>
    dossier.wall.write(editorialViewer, (db) =>
      db.briefing.update({ where: { id: briefingId }, data: { state }, select: { id: true } }),
    );
  await is('archived');
  await hasState(dossier, id, 'stopped');
  await is('published');
  expect((await issueOf(dossier, id)).reason).toBe('withdrawn');
  expect(server.received.length).toBeLessThan(everybody.length);
}, 60_000);

test('a server that refuses some for good marks them, and they get no more; others are tried again', async () => {
  server.answers = { RCPT: '550 5.1.1 no such user' };
  const some = await subscribers(dossier, 6, 'daily');
  const id = await sendToMany(dossier, editor, briefingId, { lists: 'daily' });
  await until(async () => (await lettersOf(dossier, id)).some(({ state }) => state === 'failed'), 20_000);
  server.answers = {};
  await act(id, 'stop');
  const refused = await dossier.wall.read(accountsViewer, (db) =>
    db.account.count({
      where: { mailRefusal: 'recipient', email: { in: some.concat(everybody).map(({ email }) => email) } },
    }),
  );
  expect(refused).toBeGreaterThan(0);
  const page = await visit(`${dossier.url}/desk/issues/${id}`, { headers: editor.headers });
  expect(page.text).toContain('5.1.1');
}, 60_000);

test('what comes late asks before it goes', async () => {
  const id = await sendToMany(dossier, editor, briefingId, { when: '2999-01-01T10:00' });
  const long = new Date(Date.now() - 7 * 3_600_000);
  await dossier.wall.write(accountsViewer, (db) =>
    db.issue.update({ where: { id }, data: { sendAt: long, touchedAt: long }, select: { id: true } }),
  );
  await dossier.stores.pool.query(
    `SELECT graphile_worker.add_job('send-issue', json_build_object('issue', $1::uuid), job_key => 'issue ' || $1)`,
    [id],
  );
  await hasState(dossier, id, 'paused');
  expect([(await issueOf(dossier, id)).reason, server.received.length]).toEqual(['late', 0]);
  const page = await visit(`${dossier.url}/desk/issues/${id}`, { headers: editor.headers });
  expect(page.text).toContain('is it still to go?');
  await act(id, 'resume');
  await hasState(dossier, id, 'sent');
  expect(server.received.length).toBeGreaterThan(100);
}, 60_000);

test('support sees each issue with its numbers, and to whom it went at which tier, or why not', async () => {
  await hasState(dossier, await sendToMany(dossier, editor, briefingId), 'sent');
  server.answers = { RCPT: '550 5.1.1 no such user' };
  const [refused] = await subscribers(dossier, 1, 'weekly');
  const failed = await sendToMany(dossier, editor, briefingId, { lists: 'weekly' });
  await hasState(dossier, failed, 'sent');
  server.answers = {};
  const { headers } = await enter(dossier, 'support');
  const at = (query: string) => visit(`${dossier.url}/admin/letters${query}`, { headers });
  const all = await at('');
  expect(all.html.querySelector(`a[href="/admin/letters?issue=${failed}"]`)!.text).toBe('A subject');
  const one = await at(`?issue=${failed}`);
  expect(one.text).toMatch(/Letters sent: 0, failed: [1-9]\d*, waiting: 0, not sent: 0/);
  expect(one.text).not.toContain('/desk/issues/');
  const theirOwn = await at(`?issue=${failed}&state=failed&q=${encodeURIComponent(refused!.email)}`);
  const [row, ...others] = theirOwn.html.querySelectorAll('tbody tr');
  expect([row!.text.includes(refused!.email), row!.text.includes('5.1.1'), others]).toEqual([true, true, []]);
  const paid = everybody.find(({ tier }) => tier === 'strategy-circle')!;
  const theirs = await at(`?q=${encodeURIComponent(paid.email)}&state=sent`);
  const rows = theirs.html.querySelectorAll('tbody tr');
  expect(rows.length).toBeGreaterThan(0);
  for (const each of rows) expect(each.text).toMatch(/Strategy Circle/);
  expect((await at('?q=nobody-like-this')).text).toContain('There is no such letter.');
  expect((await at('?page=9999')).status).toBe(200);
}, 60_000);
