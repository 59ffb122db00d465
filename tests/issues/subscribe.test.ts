import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { writeIssue } from '../../src/issues/store';
import { unsubscribeToken } from '../../src/issues/unsubscribe-token';
import { enter, type Member } from '../support/cast';
import { anAccount, anyEmail, anyIp, PASSWORD, send } from '../support/door';
import { SESSION_SECRET, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { visit } from '../support/page';
import { setSetting } from '../support/set-setting';
import { until } from '../support/until';
import { hasState, lettersOf, partOf, sendToMany, startIssues, to } from './support';

let server: MailServer;
let dossier: Dossier;
let editor: Member;
let briefingId: string;

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startIssues(server, { trustProxy: 1 });
  editor = await enter(dossier, 'editor');
  briefingId = await dossier.wall.read(editorialViewer, async (db) => {
    const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: 'a-signal' }, select: { id: true } });
    return id;
  });
});
afterAll(async () => {
  await dossier?.stop();
  await server?.stop();
});
beforeEach(() => {
  server.received.length = 0;
});

const form = (email: string, more: Readonly<Record<string, string>> = {}) => ({
  email,
  list: 'each',
  lang: 'en',
  ...more,
});
const subscriberOf = (email: string) =>
  dossier.wall.read(accountsViewer, (db) => db.subscriber.findUnique({ where: { email } }));
const choiceOf = (accountId: string) =>
  dossier.wall.read(accountsViewer, (db) => db.listChoice.findUnique({ where: { accountId } }));
const plain = (email: string) => partOf(to(server, email).at(-1)!, 'plain').replace(/=\r?\n/g, '');
const linkIn = (text: string, path: string) => new RegExp(`${path}\\?\\w+=([\\w-]+)`).exec(text)![1]!;

/** The token of the letter that asks. */
async function asked(email: string, more: Readonly<Record<string, string>> = {}, typed = email): Promise<string> {
  const before = to(server, email).length;
  const sent = await send(dossier, '/subscribe', form(typed, more));
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/subscribe/sent']);
  await until(() => to(server, email).length === before + 1, 20_000);
  return linkIn(plain(email), '/subscribe/confirm');
}
async function subscribed(more: Readonly<Record<string, string>> = {}, email = anyEmail()) {
  const token = await asked(email, more);
  expect((await send(dossier, '/subscribe/confirm', { token })).headers.get('location')).toBe('/subscribe/confirmed');
  const { id } = (await subscriberOf(email))!;
  return { id, email, token, own: unsubscribeToken(id, [SESSION_SECRET]) };
}
/** Without the letters that ask. */
const briefingsTo = (email: string) => to(server, email).filter(({ raw }) => /^List-ID/im.test(raw));
const sentOnce = async (email: string) => {
  const id = await sendToMany(dossier, editor, briefingId);
  await hasState(dossier, id, 'sent');
  return { id, letters: briefingsTo(email) };
};

describe('subscribing', () => {
  test('opening the link of the letter does nothing, its button once; the token is nowhere in the database', async () => {
    const email = anyEmail();
    const token = await asked(email, { categories: 'cloud-service' }, ` ${email.toUpperCase()} `);
    const page = await visit(`${dossier.url}/subscribe/confirm?token=${token}`);
    expect([page.status, page.headers.get('referrer-policy'), page.headers.get('cache-control')]).toEqual([
      200,
      'no-referrer',
      'private, no-store',
    ]);
    expect(page.text).toContain(email);
    expect(await subscriberOf(email)).toBeNull();
    const kept = await dossier.wall.read(accountsViewer, (db) => db.pendingSubscription.findMany({ where: { email } }));
    expect([kept.length, JSON.stringify(kept).includes(token)]).toEqual([1, false]);
    expect((await send(dossier, '/subscribe/confirm', { token })).status).toBe(303);
    expect(await subscriberOf(email)).toMatchObject({ list: 'each', lang: 'en', categories: ['cloud-service'] });
    expect((await send(dossier, '/subscribe/confirm', { token })).status).toBe(410);
    expect((await visit(`${dossier.url}/subscribe/confirm?token=${token}`)).status).toBe(410);
  });

  test('a newer letter replaces an older one, and a link that is too old is worth nothing', async () => {
    const email = anyEmail();
    const [first, second] = [await asked(email), await asked(email, { list: 'weekly' })];
    expect((await send(dossier, '/subscribe/confirm', { token: first })).status).toBe(410);
    await dossier.wall.write(accountsViewer, (db) =>
      db.pendingSubscription.updateMany({ where: { email }, data: { expiresAt: new Date(Date.now() - 1) } }),
    );
    expect((await send(dossier, '/subscribe/confirm', { token: second })).status).toBe(410);
    expect(await subscriberOf(email)).toBeNull();
  });

  test('whether the address is known, a member, or neither, the answer is the same and a letter goes', async () => {
    const [member, known, nobody] = [
      await anAccount(dossier, { verifiedAt: new Date() }),
      await subscribed(),
      anyEmail(),
    ];
    const answers = [];
    for (const email of [member.email, known.email, nobody]) {
      const before = to(server, email).length;
      const { status, headers, text } = await send(dossier, '/subscribe', form(email));
      answers.push([status, headers.get('location'), headers.getSetCookie().length, text]);
      await until(() => to(server, email).length === before + 1, 20_000);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test.each(['', 'no address'])(
    'says beside the field what is wrong with %j, and keeps what was chosen',
    async (email) => {
      const wrong = await send(dossier, '/subscribe', form(email, { list: 'weekly', lang: 'es' }));
      expect([wrong.status, wrong.html.querySelector('#email-error') !== null]).toEqual([422, true]);
      expect(wrong.html.querySelector('input[value="weekly"]')!.hasAttribute('checked')).toBe(true);
      expect(wrong.html.querySelector('option[value="es"]')!.hasAttribute('selected')).toBe(true);
    },
  );

  test('a domain that may not join is written no letter, and too many letters are not sent', async () => {
    await setSetting(dossier, 'joining', { refusedDomains: ['refused.example'] });
    const refused = await send(dossier, '/subscribe', form('x@mail.refused.example'));
    expect([refused.status, refused.html.querySelector('#email-error') !== null]).toEqual([422, true]);
    await setSetting(dossier, 'joining', { refusedDomains: [] });
    const email = anyEmail();
    const all = [];
    for (let n = 0; n < 4; n++) all.push((await send(dossier, '/subscribe', form(email))).status);
    expect(all).toEqual([303, 303, 303, 429]);
    const ip = anyIp();
    let last = 0;
    for (let n = 0; n < 51; n++) last = (await send(dossier, '/subscribe', form(anyEmail()), { ip })).status;
    expect(last).toBe(429);
  });

  test('where nobody joins, briefings are sent by mail all the same, without a word of joining', async () => {
    const { email } = await subscribed();
    await setSetting(dossier, 'joining', { mode: 'closed' });
    const { letters } = await sentOnce(email);
    await setSetting(dossier, 'joining', { mode: 'open' });
    expect([letters.length, partOf(letters[0]!, 'html').includes('?for=')]).toEqual([1, false]);
  });
});

describe('what a subscriber gets', () => {
  test('is the public part, once, in their language, with their own ways out and in', async () => {
    const { email, own } = await subscribed({ lang: 'es' });
    const { letters } = await sentOnce(email);
    expect(letters).toHaveLength(1);
    for (const part of [partOf(letters[0]!, 'html'), partOf(letters[0]!, 'plain')]) {
      expect(part).toContain('El cuerpo abierto.');
      expect(part).not.toMatch(/GATED|\.invalid/);
      for (const path of ['/letters/leave?token=', '/letters/choose?token=', '/join/strategy-circle?for='])
        expect(part).toContain(`/es${path}${own}`);
    }
    expect(letters[0]!.raw.replace(/\r\n[ \t]+/g, ' ')).toContain(`/letters/one-click?token=${own}>`);
  });

  test('counts at the desk, only where the public tier and no label is asked for', async () => {
    await dossier.wall.write(accountsViewer, (db) => db.subscriber.deleteMany());
    await subscribed({ list: 'weekly' });
    await subscribed({ list: 'weekly', categories: 'policy-watch' });
    const see = async (more: Readonly<Record<string, string>>) => {
      const fields = { do: 'see', submission: crypto.randomUUID(), lists: 'weekly', tiers: 'public', ...more };
      const { text } = await send(dossier, `/desk/briefings/${briefingId}/issue`, fields, {
        cookie: editor.headers['Cookie']!,
      });
      return [text.includes('It goes to 1 person.'), text.includes('It goes to 0 people.')];
    };
    expect(await see({})).toEqual([true, false]);
    expect(await see({ tiers: 'strategy-circle' })).toEqual([false, true]);
    expect(await see({ labels: 'press' })).toEqual([false, true]);
  });

  test('an address that its server refuses for good gets no more, until it is confirmed anew', async () => {
    const { email } = await subscribed({ list: 'weekly' });
    server.answers = { RCPT: '550 5.1.1 no such user' };
    const id = await sendToMany(dossier, editor, briefingId, { lists: 'weekly' });
    await until(async () => (await lettersOf(dossier, id)).some(({ state }) => state === 'failed'), 20_000);
    await hasState(dossier, id, 'sent');
    server.answers = {};
    expect(await subscriberOf(email)).toMatchObject({ mailRefusal: 'recipient' });
    const page = await visit(`${dossier.url}/desk/issues/${id}`, { headers: editor.headers });
    expect(page.text).toContain(email);
    await subscribed({ list: 'weekly' }, email);
    expect(await subscriberOf(email)).toMatchObject({ mailRefusedAt: null });
  });
});

describe('leaving and choosing', () => {
  test('a mail program leaves at one click; the letters that went stay counted, without a name', async () => {
    const { email, own } = await subscribed();
    const { id } = await sentOnce(email);
    const all = (await lettersOf(dossier, id)).length;
    const clicked = await fetch(`${dossier.url}/letters/one-click?token=${own}`, { method: 'POST' });
    expect([clicked.status, await subscriberOf(email)]).toEqual([200, null]);
    expect((await lettersOf(dossier, id)).length).toBe(all);
    expect((await visit(`${dossier.url}/letters/choose?token=${own}`)).status).toBe(410);
  });

  test('by the link of a letter other letters are chosen, or none; a forged one shows nothing', async () => {
    const { id, email, own } = await subscribed();
    const page = await visit(`${dossier.url}/letters/choose?token=${own}`);
    expect([page.status, page.headers.get('referrer-policy'), page.text.includes(email)]).toEqual([
      200,
      'no-referrer',
      true,
    ]);
    const save = (more: Readonly<Record<string, string>>, token = own) =>
      send(dossier, '/letters/choose', { token, list: 'daily', lang: 'es', ...more });
    expect((await save({ categories: 'cloud-service' })).status).toBe(303);
    expect(await subscriberOf(email)).toMatchObject({ list: 'daily', lang: 'es', categories: ['cloud-service'] });
    const forged = unsubscribeToken(id, ["somebody else's secret"]);
    expect([
      (await save({}, forged)).status,
      (await visit(`${dossier.url}/letters/choose?token=${forged}`)).status,
    ]).toEqual([410, 410]);
    expect((await save({ list: 'hourly' })).status).toBe(400);
    expect((await save({ list: 'none' })).headers.get('location')).toBe('/letters/leave?done=1');
    expect(await subscriberOf(email)).toBeNull();
  });

  test('who leaves while an issue goes out gets no more of it', async () => {
    const { email, own } = await subscribed();
    const id = await sendToMany(dossier, editor, briefingId, { when: '2999-01-01T10:00' });
    await dossier.wall.write(accountsViewer, async (db) => {
      const { id: subscriberId } = await db.subscriber.findUniqueOrThrow({ where: { email } });
      await db.issueLetter.create({ data: { issueId: id, subscriberId } });
      await db.issue.update({ where: { id }, data: { state: 'sending', startedAt: new Date(), sendAt: new Date() } });
    });
    await send(dossier, '/letters/leave', { token: own });
    await dossier.stores.pool.query(
      `SELECT graphile_worker.add_job('send-issue', json_build_object('issue', $1::uuid), job_key => 'issue ' || $1)`,
      [id],
    );
    await hasState(dossier, id, 'sent');
    expect((await lettersOf(dossier, id)).map(({ state }) => state)).toEqual(['skipped']);
    expect(to(server, email)).toHaveLength(1);
  });
});

describe('becoming a member', () => {
  test('the form to join knows the address, and the lists become the account’s once it is confirmed', async () => {
    const { email, own, id } = await subscribed({ list: 'daily', lang: 'es', categories: 'cloud-service' });
    const door = await visit(`${dossier.url}/join/strategy-circle?for=${own}`);
    expect([door.html.querySelector('#email')!.getAttribute('value'), door.headers.get('referrer-policy')]).toEqual([
      email,
      'no-referrer',
    ]);
    const nobody = await visit(`${dossier.url}/join/strategy-circle?for=x`);
    expect([nobody.status, nobody.html.querySelector('#email')!.getAttribute('value')]).toEqual([200, '']);
    const joined = await send(dossier, '/join/strategy-circle', { name: 'Mara', email, password: PASSWORD });
    expect(joined.status).toBe(303);
    const account = await dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { email } }));
    expect([await choiceOf(account.id), (await subscriberOf(email))?.id]).toEqual([null, id]);
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { email }, data: { verifiedAt: new Date() }, select: { id: true } }),
    );
    expect(await choiceOf(account.id)).toMatchObject({ list: 'daily', lang: 'es', categories: ['cloud-service'] });
    expect(await subscriberOf(email)).toBeNull();
    const choose = await visit(`${dossier.url}/letters/choose?token=${own}`);
    expect([choose.status, choose.headers.get('location')]).toEqual([303, '/account/letters']);
    // The links of letters from before go on working.
    expect((await fetch(`${dossier.url}/letters/one-click?token=${own}`, { method: 'POST' })).status).toBe(200);
    expect(await choiceOf(account.id)).toBeNull();
  });

  test('nobody gets one issue twice for having become a member in between', async () => {
    const { email } = await subscribed();
    const { id, letters } = await sentOnce(email);
    expect(letters).toHaveLength(1);
    const account = await anAccount(dossier, { email, verifiedAt: new Date() });
    const moved = (await lettersOf(dossier, id)).filter(({ accountId }) => accountId === account.id);
    expect(moved).toHaveLength(1);
    await dossier.wall.write(accountsViewer, (db) =>
      db.listChoice.update({ where: { accountId: account.id }, data: { list: 'daily' } }),
    );
    const digest = crypto.randomUUID();
    const audience = { lists: ['daily' as const], tiers: ['public', 'strategy-circle'], labels: [] };
    const draft = {
      id: digest,
      digest: 'daily' as const,
      briefingIds: [briefingId],
      subjects: {},
      preheaders: {},
      audience,
    };
    await dossier.wall.write(accountsViewer, (db) =>
      writeIssue(db, { ...draft, sendAt: new Date(), authorId: null }, new Date()),
    );
    await hasState(dossier, digest, 'sent');
    expect((await lettersOf(dossier, digest)).find(({ accountId }) => accountId === account.id)?.state).toBe('skipped');
    expect(briefingsTo(email)).toHaveLength(1);
  });

  test('a subscription that a member confirms is their own choice; two rows for one address are still one letter', async () => {
    const { id, email } = await anAccount(dossier, { verifiedAt: new Date() });
    const token = await asked(email, { list: 'each' });
    expect((await send(dossier, '/subscribe/confirm', { token })).status).toBe(303);
    expect([await choiceOf(id), await subscriberOf(email)]).toMatchObject([{ list: 'each' }, null]);
    await dossier.wall.write(accountsViewer, (db) =>
      db.subscriber.create({ data: { email, list: 'each', lang: 'en', confirmedAt: new Date() } }),
    );
    const { letters } = await sentOnce(email);
    expect(letters).toHaveLength(1);
    await dossier.wall.write(accountsViewer, (db) => db.subscriber.deleteMany({ where: { email } }));
  });
});

test('who leaves and comes again, with an account or without, is known to have had what they were sent', async () => {
  const { id, email } = await subscribed();
  const issue = await sendToMany(dossier, editor, briefingId);
  await hasState(dossier, issue, 'sent');
  const page = await visit(`${dossier.url}/letters/leave?token=${unsubscribeToken(id, [SESSION_SECRET])}`);
  expect([page.status, page.text.includes('account')]).toEqual([200, false]);
  const leave = (one: string) => send(dossier, '/letters/leave', { token: unsubscribeToken(one, [SESSION_SECRET]) });
  const sentTo = async () =>
    (await lettersOf(dossier, issue)).filter(({ subscriberId, accountId }) => (subscriberId ?? accountId) !== null)
      .length;
  const before = await sentTo();
  await leave(id);
  expect([await sentTo(), await subscriberOf(email)]).toEqual([before - 1, null]);
  const again = await subscribed({ list: 'daily' }, email);
  expect([again.id === id, await sentTo()]).toEqual([false, before]);
  await leave(again.id);
  await anAccount(dossier, { email, verifiedAt: new Date() });
  expect(await sentTo()).toBe(before);
});
