import { accountsViewer } from '../../src/access/viewer';
import { unsubscribeToken } from '../../src/issues/unsubscribe-token';
import { LARGEST_MESSAGE } from '../../src/mail/reports/message';
import { ran, spawned } from '../support/command';
import { anAccount, anyEmail, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
});
afterAll(() => dossier.stop());

/** Runs `npm run admin -- …` against the Dossier's database; `how` in a process of its own, or in this one. */
const admin = (...args: string[]) => runBy(ran, args);
const runBy = (how: typeof ran, args: readonly string[]) =>
  how('admin', args, {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    DATABASE_URL: dossier.urls.app,
    DATABASE_OWNER_URL: dossier.urls.owner,
  });

const accountOf = (email: string) =>
  dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { email } }));
const tokenIn = (out: string) => /\/reset\/choose\?token=([\w-]{43})/.exec(out)?.[1];

test('the first admin: an account, a link that works once, an entry in the log', async () => {
  const email = anyEmail();
  const { code, out, err } = await runBy(spawned, ['create', ` ${email.toUpperCase()} `]);
  expect([code, err]).toEqual([0, '']);
  const token = tokenIn(out)!;
  expect((await send(dossier, '/reset/choose', { token, 'new-password': PASSWORD })).headers.get('location')).toBe(
    '/reset/done',
  );
  expect((await send(dossier, '/reset/choose', { token, 'new-password': PASSWORD })).status).toBe(410);
  expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(303);
  const { id, role, verifiedAt } = await accountOf(email);
  expect([role, verifiedAt]).toEqual(['admin', expect.any(Date)]);
  expect(
    await dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { targetId: id } })),
  ).toMatchObject([
    {
      actor: 'command line',
      actorId: null,
      action: 'admin-made',
      target: email,
      before: { role: null },
      after: { role: 'admin' },
    },
  ]);
  expect((await admin('list')).out).toContain(`${email}  without a second factor`);
}, 120_000);

test('a member is promoted and keeps their password; a second time changes nothing', async () => {
  const { id, email } = await anAccount(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id }, data: { verifiedAt: new Date() } }),
  );
  const { code, out } = await admin('create', email);
  expect([code, tokenIn(out), out.includes('is an admin now')]).toEqual([0, undefined, true]);
  expect((await accountOf(email)).role).toBe('admin');
  expect((await admin('create', email)).out).toContain('is an admin already');
  expect(await dossier.wall.read(accountsViewer, (db) => db.auditEntry.count({ where: { targetId: id } }))).toBe(1);
}, 120_000);

test("nothing that somebody knows who joined with an address they never confirmed opens the admin's account", async () => {
  const { email } = await anAccount(dossier);
  const { out } = await admin('create', email);
  expect(tokenIn(out)).toHaveLength(43);
  expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(422);
}, 120_000);

test('what is no address, and a suspended account, are refused in a sentence', async () => {
  const { email } = await anAccount(dossier, { state: 'suspended' });
  for (const [args, words] of [
    [['create', 'nobody'], 'is no e-mail address'],
    [['create', email], 'is suspended'],
    [['create'], 'npm run admin'],
    [[], 'npm run admin'],
  ] as const) {
    const { code, err } = await admin(...args);
    expect([args, code, err.includes(words)]).toEqual([args, 1, true]);
  }
}, 120_000);

test('a letter that came in is taken from a pipe: whoever wants to leave has left, anything else changes nothing', async () => {
  const { id } = await anAccount(dossier);
  await dossier.wall.write(accountsViewer, (db) =>
    db.listChoice.create({ data: { accountId: id, list: 'each', lang: 'en', chosenAt: new Date() } }),
  );
  const env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], SESSION_SECRET: 'a secret of thirty-two letters or so' },
    ...{ DATABASE_URL: dossier.urls.app, DATABASE_OWNER_URL: dossier.urls.owner },
  };
  const piped = (letter: string) => spawned('admin', ['inbound-mail'], env, letter);
  const chosen = () => dossier.wall.read(accountsViewer, (db) => db.listChoice.count({ where: { accountId: id } }));
  const other = await piped('From: x@y.example\r\nSubject: Hello\r\n\r\nWhat a fine briefing.\r\n');
  expect([other.code, other.err, await chosen()]).toEqual([0, '', 1]);
  const token = unsubscribeToken(id, [env.SESSION_SECRET]);
  const left = await piped(`From: x@y.example\r\nSubject: leave ${token}\r\n\r\n\r\n`);
  expect([left.code, left.err, await chosen()]).toEqual([0, '', 0]);
  const large = await piped('x'.repeat(LARGEST_MESSAGE + 1));
  expect([large.code, large.err]).toEqual([1, expect.stringContaining('is not taken')]);
}, 60_000);
