import { accountsViewer } from '../../src/access/viewer';
import { writeLetter } from '../../src/stores/postgres/outbox';
import type { WallTransaction } from '../../src/stores/postgres/wall';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { headOf, startMailServer, textOf, type MailServer } from '../support/mail-server';
import { until } from '../support/until';

let server: MailServer;
let dossier: Dossier;
let second: Dossier;
const TOKEN = 'A'.repeat(43);

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startDossier({ smtpUrl: server.url });
  second = await startDossier({ on: dossier.urls, smtpUrl: server.url });
});
afterAll(async () => {
  await second?.stop();
  await dossier?.stop();
  await server?.stop();
});

let count = 0;
const anyone = () => `reader-${count++}@example.org`;
const draft = (db: WallTransaction, recipient: string, kind = 'reset-password', lang = 'en') =>
  writeLetter(db, { key: `${kind} ${recipient}`, kind, lang, recipient, accountId: null, data: { token: TOKEN } });
const write = (recipient: string, kind?: string, lang?: string) =>
  dossier.wall.write(accountsViewer, (db) => draft(db, recipient, kind, lang));
const to = (recipient: string) => server.received.filter(({ recipients }) => recipients.includes(recipient));
const sent = async (recipient: string) => (await lettersTo(dossier, recipient))[0]?.sentAt instanceof Date;
/** As if the pause until the next try were over. */
const dueNow = async (recipient: string) => {
  await dossier.wall.write(accountsViewer, (db) =>
    db.letter.updateMany({ where: { recipient }, data: { dueAt: new Date(0) } }),
  );
  await dossier.stores.pool.query('NOTIFY dossier_letters');
};

test('a letter arrives once, with two workers at it, and its words are not kept', async () => {
  const all = Array.from({ length: 30 }, anyone);
  await dossier.wall.write(accountsViewer, async (db) => {
    for (const one of all) await draft(db, one);
  });
  await until(async () => (await Promise.all(all.map(sent))).every(Boolean), 15_000);
  for (const one of all) {
    expect([one, to(one).length]).toEqual([one, 1]);
    expect((await lettersTo(dossier, one))[0]).toMatchObject({ attempts: 1, failure: null, data: {} });
  }
});

test('its link is complete, on our address, in its language; the HTML says the same', async () => {
  const one = anyone();
  await write(one, 'reset-password', 'es');
  await until(() => sent(one));
  const [letter] = to(one);
  const link = new RegExp(`http://127\\.0\\.0\\.1:\\d+/es/reset/choose\\?token=${TOKEN}`);
  expect(
    [dossier.url, second.url].some((url) => textOf(letter!).includes(`${url}/es/reset/choose?token=${TOKEN}`)),
  ).toBe(true);
  expect(textOf(letter!)).toMatch(link);
  expect(textOf(letter!)).toContain('una contraseña nueva');
  expect(letter!.raw).toMatch(/^Subject: =\?UTF-8\?Q\?Elija_una/m);
  expect(letter!.raw).toContain('Content-Type: text/html');
  expect(letter!.raw).toMatch(/^Message-ID: <[0-9a-f-]{36}@dossier\.example>/m);
  expect(letter!.raw).toMatch(/^Auto-Submitted: auto-generated/m);
});

test('the same cause written twice is one letter', async () => {
  const one = anyone();
  await Promise.all([write(one), write(one)]);
  await until(() => sent(one));
  expect(to(one)).toHaveLength(1);
});

test('a server that does not take it, and then does, gets it once', async () => {
  const one = anyone();
  server.refuse = true;
  await write(one);
  await until(async () => (await lettersTo(dossier, one))[0]!.failure !== null);
  const [waiting] = await lettersTo(dossier, one);
  expect(waiting).toMatchObject({ attempts: 1, sentAt: null, data: { token: TOKEN } });
  expect(waiting!.failure).toContain('451');
  expect(waiting!.failure).not.toContain(one);
  server.refuse = false;
  await dueNow(one);
  await until(() => sent(one));
  expect(to(one)).toHaveLength(1);
  expect((await lettersTo(dossier, one))[0]).toMatchObject({ attempts: 2, failure: null, data: {} });
});

test('a server that is down, and then up, gets it once', async () => {
  const one = anyone();
  const { port } = server;
  await server.stop();
  await write(one);
  await until(async () => (await lettersTo(dossier, one))[0]!.failure !== null, 15_000);
  server = await startMailServer(port);
  await dueNow(one);
  await until(() => sent(one));
  expect(to(one)).toHaveLength(1);
});

test('pauses grow, and end', async () => {
  const one = anyone();
  server.refuse = true;
  await write(one);
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 20; attempt++) {
    await until(async () => {
      const [letter] = await lettersTo(dossier, one);
      return letter!.attempts === attempt && letter!.failure !== null;
    });
    const { rows } = await dossier.wall.read(accountsViewer, async (db) => ({
      rows: await db.$queryRaw<
        { pause: number }[]
      >`SELECT round(extract(epoch FROM due_at - now()) / 30)::int AS pause FROM letters WHERE recipient = ${one}`,
    }));
    pauses.push(rows[0]!.pause);
    await dossier.wall.write(accountsViewer, (db) =>
      db.letter.updateMany({ where: { recipient: one }, data: { failure: null } }),
    );
    await dueNow(one);
  }
  server.refuse = false;
  expect(pauses.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120]);
  await write(anyone());
  await until(async () => (await lettersTo(dossier, `reader-${count - 1}@example.org`))[0]!.sentAt !== null);
  expect(to(one)).toEqual([]);
  expect((await lettersTo(dossier, one))[0]).toMatchObject({ attempts: 20, sentAt: null, data: {} });
});

test.each([
  'a@example.org, b@example.org',
  'a@example.org\r\nRCPT TO:<b@example.org>',
  'a@example.org\r\nBcc: b@example.org',
  '"a@example.org b"@example.org',
  'A <a@example.org>',
  'a@example.org;b@example.org',
  'a(comment)@example.org',
  'a@b@example.org',
  '',
])('%j is no mailbox: nothing is sent there, nor tried again', async (recipient) => {
  const before = server.received.length;
  await write(recipient);
  await until(async () => (await lettersTo(dossier, recipient))[0]?.failure === 'NotAMailbox');
  expect((await lettersTo(dossier, recipient))[0]).toMatchObject({
    attempts: 20,
    sentAt: null,
    failure: 'NotAMailbox',
  });
  expect(server.received).toHaveLength(before);
});

test('a letter has one recipient and the head we gave it', async () => {
  const one = anyone();
  await write(one);
  await until(() => sent(one));
  expect(to(one)[0]!.recipients).toEqual([one]);
  expect(headOf(to(one)[0]!).sort()).toEqual([
    'Auto-Submitted',
    'Content-Language',
    'Content-Type',
    'Date',
    'From',
    'MIME-Version',
    'Message-ID',
    'Subject',
    'To',
  ]);
});

test.each(['no-such-kind', 'toString'])('a letter of kind %s waits and is not sent as something else', async (kind) => {
  const one = anyone();
  await write(one, kind);
  await until(async () => (await lettersTo(dossier, one))[0]!.failure !== null);
  expect(to(one)).toEqual([]);
});

test('where letters are sent there is no page that shows them', async () => {
  for (const path of ['/dev/mail', '/es/dev/mail']) expect((await fetch(`${dossier.url}${path}`)).status).toBe(404);
});

test('closing waits for the letter under way', async () => {
  const third = await startDossier({ smtpUrl: server.url });
  const one = anyone();
  await third.wall.write(accountsViewer, (db) =>
    writeLetter(db, { key: one, kind: 'account-deleted', lang: 'en', recipient: one, accountId: null, data: {} }),
  );
  await until(() => to(one).length === 1);
  await third.app.close();
  expect((await lettersTo(third, one))[0]!.sentAt).not.toBeNull();
  await third.stop();
});
