import { accountsViewer } from '../../src/access/viewer';
import { writeLetter } from '../../src/stores/postgres/outbox';
import type { WallTransaction } from '../../src/stores/postgres/wall';
import { enterAll, logIn } from '../support/cast';
import { anAccount, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { headOf, startMailServer, textOf, type MailServer } from '../support/mail-server';
import { said, visit } from '../support/page';
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
  const { id } = (await lettersTo(dossier, recipient))[0]!;
  await dossier.stores.pool.query(
    `SELECT graphile_worker.add_job('send-letter', json_build_object('letter', $1::uuid), job_key => 'letter ' || $1, max_attempts => 20)`,
    [id],
  );
};
/** Seconds until the job of the letter to an address is due; null: there is none. */
const pauseOf = async (recipient: string): Promise<number | null> => {
  const { id } = (await lettersTo(dossier, recipient))[0]!;
  const { rows } = await dossier.stores.pool.query<{ pause: number }>(
    `SELECT extract(epoch FROM run_at - now())::float8 AS pause FROM graphile_worker.jobs WHERE key = 'letter ' || $1`,
    [id],
  );
  return rows[0]?.pause ?? null;
};
/** Jobs of letters that are sent, or will not be tried again. */
const jobsLeft = async (): Promise<number> => {
  const ended = await dossier.wall.read(accountsViewer, (db) =>
    db.letter.findMany({ where: { OR: [{ sentAt: { not: null } }, { attempts: 20 }] }, select: { id: true } }),
  );
  const keys = ended.map(({ id }) => `letter ${id}`);
  expect(keys.length).toBeGreaterThan(50);
  return (await dossier.stores.pool.query('SELECT FROM graphile_worker.jobs WHERE key = ANY($1)', [keys])).rowCount!;
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
  expect(letter!.raw).toMatch(/^Message-ID: <[0-9a-f-]{36}@publisher\.example>/m);
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
    pauses.push(Math.round(((await pauseOf(one)) ?? 0) / 30));
    await dossier.wall.write(accountsViewer, (db) =>
      db.letter.updateMany({ where: { recipient: one }, data: { failure: null } }),
    );
    await dueNow(one);
  }
  server.refuse = false;
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, ...Array<number>(12).fill(120), 0]);
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

describe('what a server refuses for good', () => {
  const account = async () => {
    const { id, email } = await anAccount(dossier, { verifiedAt: new Date() });
    const letter = (kind: string) =>
      dossier.wall.write(accountsViewer, (db) =>
        writeLetter(db, {
          key: `${kind} ${email} ${count++}`,
          kind,
          lang: 'en',
          recipient: email,
          accountId: id,
          data: { token: TOKEN },
        }),
      );
    const row = () => dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { id } }));
    const ended = async (kind: string, tries: number) =>
      until(async () => (await lettersTo(dossier, email, kind)).at(-1)?.attempts === tries);
    return { id, email, letter, row, ended };
  };
  afterEach(() => {
    server.answers = {};
  });

  test.each<[step: 'RCPT' | 'DATA' | '.', answer: string, what: 'recipient' | 'message']>([
    ['RCPT', '550 no such user', 'recipient'],
    ['RCPT', '550 5.1.1 no such user', 'recipient'],
    ['RCPT', '552 5.2.2 mailbox full', 'recipient'],
    ['RCPT', '550 5.7.1 not from you', 'message'],
    ['DATA', '554 no', 'message'],
    ['.', '554 5.7.1 looks like spam', 'message'],
    ['.', '550 5.1.1 no such user after all', 'recipient'],
  ])('at %s, by %s, is tried once, and marks the %s', async (step, answer, what) => {
    const { letter, row, email, ended } = await account();
    server.answers = { [step]: answer };
    await letter('reset-password');
    await ended('reset-password', 20);
    expect(await pauseOf(email)).toBeNull();
    expect((await lettersTo(dossier, email))[0]).toMatchObject({ sentAt: null, data: {} });
    expect((await lettersTo(dossier, email))[0]!.failure).toContain(answer.slice(0, 3));
    expect(await row()).toMatchObject({ mailRefusal: what, mailRefusedAt: expect.any(Date) as Date });
  });

  test.each<[step: 'RCPT' | 'MAIL' | 'DATA' | '.', answer: string]>([
    ['RCPT', '450 4.2.1 later'],
    ['RCPT', '421 closing'],
    ['RCPT', '530 5.7.0 log in first'],
    ['MAIL', '550 5.7.1 not from such a sender'],
    ['DATA', '451 later'],
    ['.', '452 4.3.1 full'],
  ])('is not what %s answers by %s: that is tried again, and marks nobody', async (step, answer) => {
    const { letter, row, email, ended } = await account();
    server.answers = { [step]: answer };
    await letter('reset-password');
    await ended('reset-password', 1);
    await until(async () => (await pauseOf(email)) !== null);
    expect(await row()).toMatchObject({ mailRefusal: null, mailRefusedAt: null });
    server.answers = {};
    await dueNow(email);
    await until(() => sent(email));
  });

  test('is said to the member and to support; what was asked for is tried, other letters wait, until one has arrived', async () => {
    const { id, letter, row, email, ended } = await account();
    const cookie = await logIn(dossier, id);
    const page = (path: string, headers: Record<string, string>) => visit(`${dossier.url}${path}`, { headers });
    server.answers = { RCPT: '550 5.1.1 no such user' };
    await letter('password-changed');
    await ended('password-changed', 20);
    expect((await page('/account', { Cookie: cookie })).text).toContain(
      `the mail server of ${email} refuses our letters`,
    );
    const profile = await page('/account/profile', { Cookie: cookie });
    expect(said(profile, '#address-refused')).toContain(`the mail server of ${email} refuses our letters`);
    const staff = (await enterAll(dossier)).support.headers;
    expect(said(await page(`/admin/members/${id}`, staff), '.known')).toContain(
      'only what the member asks for is tried',
    );
    expect((await page('/admin/members?status=refused', staff)).text).toContain(email);

    server.answers = {};
    await letter('password-changed');
    await ended('password-changed', 20);
    expect((await lettersTo(dossier, email, 'password-changed')).at(-1)!.failure).toBe('the address is refused');
    expect(to(email)).toEqual([]);
    // The profile offers to try once more; the letter arrives, and everything is as before.
    const again = profile.html.querySelector('form[action="/account/verify"] button')!;
    expect(again.text).toBe('Send a letter once more');
    expect((await send(dossier, '/account/verify', {}, { cookie })).status).toBe(303);
    await until(() => to(email).length === 1);
    await until(async () => (await row()).mailRefusedAt === null);
    await letter('password-changed');
    await until(() => to(email).length === 2);
    expect(said(await page('/account/profile', { Cookie: cookie }), '#address-refused')).toBeNull();
  });

  test('is forgotten with the address it was about', async () => {
    const { id, row } = await account();
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { mailRefusal: 'recipient', mailRefusedAt: new Date() } }),
    );
    const cookie = await logIn(dossier, id);
    const email = anyone();
    await send(dossier, '/account/email', { email, current: PASSWORD }, { cookie });
    await until(() => to(email).length === 1);
    const token = /token=([\w-]{43})/.exec(textOf(to(email)[0]!))![1]!;
    expect((await send(dossier, '/verify', { token }, { cookie })).status).toBe(303);
    expect(await row()).toMatchObject({ email, mailRefusal: null, mailRefusedAt: null });
  });
});

describe('a process of the version before', () => {
  /** The statement by which such a process takes letters that are due. */
  const claim = () =>
    dossier.wall.write(
      accountsViewer,
      (db) => db.$queryRaw<{ id: string }[]>`
      UPDATE letters SET attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => 300)
      WHERE id IN (SELECT id FROM letters WHERE sent_at IS NULL AND due_at <= clock_timestamp() AND attempts < 20 ORDER BY due_at LIMIT 5 FOR UPDATE SKIP LOCKED)
      RETURNING id`,
    );

  test('finds no letter due, however it was written, and what it writes is sent once', async () => {
    const all = Array.from({ length: 5 }, anyone);
    server.refuse = true;
    for (const one of all)
      await dossier.wall.write(
        accountsViewer,
        (db) =>
          db.$executeRaw`INSERT INTO letters (key, kind, lang, recipient, data, due_at) VALUES (${one}, 'reset-password', 'en', ${one}, ${JSON.stringify({ token: TOKEN })}::jsonb, now())`,
      );
    expect(await claim()).toEqual([]);
    await until(async () =>
      (await Promise.all(all.map((one) => lettersTo(dossier, one)))).every(([letter]) => letter!.failure !== null),
    );
    expect(await claim()).toEqual([]);
    server.refuse = false;
    for (const one of all) await dueNow(one);
    await until(async () => (await Promise.all(all.map(sent))).every(Boolean));
    expect(all.map((one) => to(one).length)).toEqual(all.map(() => 1));
  });

  test('that had a letter in hand and did not get it sent leaves it to the queue, when it meant to try again', async () => {
    const one = anyone();
    server.refuse = true;
    await write(one);
    await until(async () => (await lettersTo(dossier, one))[0]!.failure !== null);
    const { id } = (await lettersTo(dossier, one))[0]!;
    await dossier.wall.write(
      accountsViewer,
      (db) =>
        db.$executeRaw`UPDATE letters SET failure = 'Error', due_at = clock_timestamp() + make_interval(secs => 1800) WHERE id = ${id}::uuid`,
    );
    expect(Math.round((await pauseOf(one))! / 60)).toBe(30);
    expect(await claim()).toEqual([]);
    server.refuse = false;
    await dueNow(one);
    await until(() => sent(one));
    expect(to(one)).toHaveLength(1);
  });

  test('leaves letters without a job, and so does a backup: a worker that starts gives them one', async () => {
    const one = anyone();
    await dossier.wall.write(accountsViewer, async (db) => {
      await draft(db, one);
      await db.$executeRaw`DELETE FROM graphile_worker._private_jobs WHERE key IN (SELECT 'letter ' || id FROM letters WHERE recipient = ${one})`;
    });
    expect(await pauseOf(one)).toBeNull();
    const fourth = await startDossier({ on: dossier.urls, smtpUrl: server.url });
    await until(() => sent(one));
    await fourth.stop();
    expect(to(one)).toHaveLength(1);
  });
});

test('once letters are sent or have ended, no job of theirs is left', async () => {
  await until(async () => (await jobsLeft()) === 0);
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
