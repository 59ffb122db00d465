import { accountsViewer } from '../../src/access/viewer';
import { hashOfToken } from '../../src/accounts/credentials/link-tokens';
import { isPassword } from '../../src/accounts/credentials/passwords';
import { original } from '../support/briefing';
import { logIn } from '../support/cast';
import { anAccount, anyEmail, anyIp, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo, tokenTo } from '../support/letters';
import { said, visit } from '../support/page';

let dossier: Dossier;
let now = Date.now();
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1, clock: { now: () => new Date(now) } });
  await dossier.take('a-signal', { 'en.md': original() });
});
beforeEach(() => {
  now = Date.now();
});
afterAll(() => dossier.stop());

const NEW = 'seven lanterns on the quay';
const HOUR = 3_600_000;
const hashOf = async (id: string) =>
  (
    await dossier.wall.read(accountsViewer, (db) =>
      db.account.findUniqueOrThrow({ where: { id }, select: { passwordHash: true } }),
    )
  ).passwordHash;
const isNow = async (id: string, password: string) => isPassword(password, await hashOf(id));
const ask = (email: string, more = {}) => send(dossier, '/reset', { email }, more);
const choose = (token: string, password = NEW) => send(dossier, '/reset/choose', { token, 'new-password': password });
const reads = async (cookie: string) =>
  (await visit(`${dossier.url}/briefings/a-signal`, { headers: { Cookie: cookie } })).text.includes(
    'GATED trend text.',
  );

test('a new password: the letter, the link, the end of every login, API token and older link, and a word about it', async () => {
  const { id, email } = await anAccount(dossier);
  const cookies = [await logIn(dossier, id), await logIn(dossier, id)];
  await dossier.wall.write(accountsViewer, (db) =>
    db.apiToken.create({ data: { accountId: id, name: 'a', hash: id, scopes: [] } }),
  );
  expect(await reads(cookies[0]!)).toBe(true);
  const asked = await ask(` ${email.toUpperCase()}`);
  expect([asked.status, asked.headers.get('location')]).toEqual([303, '/reset/sent']);
  const token = await tokenTo(dossier, email, 'reset-password');

  const page = await visit(`${dossier.url}/reset/choose?token=${token}`);
  expect([page.status, page.headers.get('referrer-policy'), page.headers.get('cache-control')]).toEqual([
    200,
    'no-referrer',
    'private, no-store',
  ]);
  expect(page.html.querySelector('input[name=token]')!.getAttribute('value')).toBe(token);
  const chosen = await choose(token);
  expect([chosen.status, chosen.headers.get('location'), chosen.headers.get('set-cookie')]).toEqual([
    303,
    '/reset/done',
    null,
  ]);

  expect(await Promise.all(cookies.map(reads))).toEqual([false, false]);
  expect([await isNow(id, NEW), await isNow(id, PASSWORD)]).toEqual([true, false]);
  expect(await lettersTo(dossier, email, 'password-changed')).toHaveLength(1);
  const row = await dossier.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id }, include: { apiTokens: true, logins: true } }),
  );
  expect([
    row.verifiedAt === null,
    row.apiTokens.every(({ revokedAt }) => revokedAt),
    row.logins.every(({ endedAt }) => endedAt),
  ]).toEqual([false, true, true]);
  expect((await choose(token, 'another one of many words')).status).toBe(410);
  expect(await isNow(id, NEW)).toBe(true);
});

test('a second factor is asked for after it as before', async () => {
  const { id, email } = await anAccount(dossier, { totpConfirmedAt: new Date(), verifiedAt: new Date() });
  await ask(email);
  await choose(await tokenTo(dossier, email, 'reset-password'));
  expect(await isNow(id, NEW)).toBe(true);
  const login = await send(dossier, '/login', { email, password: NEW });
  expect(login.headers.get('location')).toBe('/login/second-factor');
  expect(await reads(cookiesOf(login))).toBe(false);
});

test.each([
  ['reader', 0],
  ['editor', 1],
] as const)(
  'whoever joined with the address of another keeps no way in once its owner has chosen a password; what %s set up who was appointed stays',
  async (role, left) => {
    const { id, email } = await anAccount(dossier, { totpConfirmedAt: new Date() });
    await dossier.wall.write(accountsViewer, async (db) => {
      await db.account.update({ where: { id }, data: { role } });
      await db.passkey.create({
        data: {
          id: `passkey-${id}`,
          accountId: id,
          publicKey: Buffer.from('x'),
          counter: 0n,
          name: 'not hers',
          transports: [],
        },
      });
      await db.recoveryCode.create({ data: { accountId: id, hash: hashOfToken(id) } });
      await db.knownDevice.create({ data: { accountId: id, hash: hashOfToken(`device ${id}`) } });
    });
    await send(dossier, '/account/verify', {}, { cookie: await logIn(dossier, id) });
    const verification = await tokenTo(dossier, email, 'verify-email');
    await ask(email);
    await choose(await tokenTo(dossier, email, 'reset-password'));
    const row = await dossier.wall.read(accountsViewer, (db) =>
      db.account.findUniqueOrThrow({
        where: { id },
        select: { verifiedAt: true, totpConfirmedAt: true, passkeys: true, recoveryCodes: true, devices: true },
      }),
    );
    expect((await visit(`${dossier.url}/verify?token=${verification}`)).status).toBe(410);
    expect([
      row.verifiedAt !== null,
      Number(row.totpConfirmedAt !== null),
      row.passkeys.length,
      row.recoveryCodes.length,
      row.devices.length,
    ]).toEqual([true, left, left, left, left]);
  },
);

test('the new password is one, from whatever keyboard', async () => {
  const { id, email } = await anAccount(dossier);
  await ask(email);
  const password = 'ma\u00f1ana ser\u00e1 otro d\u00eda';
  expect((await choose(await tokenTo(dossier, email, 'reset-password'), password.normalize('NFD'))).status).toBe(303);
  expect(await isNow(id, password)).toBe(true);
  expect((await send(dossier, '/login', { email, password })).status).toBe(303);
});

test('the answer is the same for an address with an account, without one and of a suspended one; only the first gets a letter', async () => {
  const [known, suspended] = [await anAccount(dossier), await anAccount(dossier, { state: 'suspended' })];
  const unknown = anyEmail();
  const answers = [];
  for (const email of [known.email, suspended.email, unknown]) {
    const { status, text, headers } = await ask(email);
    answers.push({ status, text, headers: [...headers].filter(([name]) => name !== 'date') });
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  await tokenTo(dossier, known.email, 'reset-password');
  expect([await lettersTo(dossier, suspended.email), await lettersTo(dossier, unknown)]).toEqual([[], []]);
});

test('a forged host changes no link, and no other origin asks', async () => {
  const { email } = await anAccount(dossier);
  await ask(email, {
    headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', Forwarded: 'host=evil.example' },
  });
  await tokenTo(dossier, email, 'reset-password');
  const list = await visit(`${dossier.url}/dev/mail`, { headers: { 'X-Forwarded-Host': 'evil.example' } });
  const first = list.html.querySelector('.letters a')!.getAttribute('href')!;
  const letter = await visit(`${dossier.url}${first}`, { headers: { 'X-Forwarded-Host': 'evil.example' } });
  expect(letter.html.querySelector('.letter-link')!.getAttribute('href')).toMatch(
    new RegExp(`^${dossier.url}/reset/choose\\?token=[\\w-]{43}$`),
  );
  expect(list.text + letter.text).not.toContain('evil.example');
  for (const path of ['/reset', '/reset/choose', '/verify']) {
    for (const headers of [{ Origin: 'https://evil.example' }, { Origin: '' }, { 'Sec-Fetch-Site': 'cross-site' }])
      expect([path, (await send(dossier, path, { email }, { headers })).status]).toEqual([path, 403]);
  }
});

describe('a token', () => {
  const inHand = async () => {
    const { id, email } = await anAccount(dossier);
    await ask(email);
    return { id, email, token: await tokenTo(dossier, email, 'reset-password') };
  };
  const unchanged = async (id: string) => expect(await isNow(id, PASSWORD)).toBe(true);

  test('is kept as a hash alone', async () => {
    const { token } = await inHand();
    const { rows } = await dossier.wall.read(accountsViewer, async (db) => ({ rows: await db.linkToken.findMany() }));
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows.map(({ hash }) => hash)).toContain(hashOfToken(token));
  });

  test('is dead after an hour', async () => {
    const { id, token } = await inHand();
    now += HOUR + 1;
    expect([(await visit(`${dossier.url}/reset/choose?token=${token}`)).status, (await choose(token)).status]).toEqual([
      410, 410,
    ]);
    await unchanged(id);
  });

  test('is dead once there is a newer one', async () => {
    const { id, email, token } = await inHand();
    await ask(email);
    const newer = await tokenTo(dossier, email, 'reset-password', 2);
    expect((await choose(token)).status).toBe(410);
    await unchanged(id);
    expect((await choose(newer)).status).toBe(303);
  });

  test('is dead after the password was changed, and after its account was suspended', async () => {
    const { id, token } = await inHand();
    const cookie = await logIn(dossier, id);
    expect(
      (await send(dossier, '/account/password', { current: PASSWORD, 'new-password': NEW }, { cookie })).status,
    ).toBe(303);
    expect((await choose(token, 'another one of many words')).status).toBe(410);
    expect(await isNow(id, NEW)).toBe(true);
    const other = await inHand();
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id: other.id }, data: { state: 'suspended' } }),
    );
    expect((await choose(other.token)).status).toBe(410);
    await unchanged(other.id);
  });

  test('for something else opens nothing here', async () => {
    const { id, email } = await anAccount(dossier);
    await send(dossier, '/account/verify', {}, { cookie: await logIn(dossier, id) });
    expect((await choose(await tokenTo(dossier, email, 'verify-email'))).status).toBe(410);
    const reset = await inHand();
    expect((await send(dossier, '/verify', { token: reset.token })).status).toBe(410);
    expect((await choose(reset.token)).status).toBe(303);
    await unchanged(id);
  });

  test("cut off, doubled, an object, in another case, another's or missing changes nothing", async () => {
    const { id, token } = await inHand();
    const swapped = token.replace(/[a-z]/i, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    const password = `new-password=${encodeURIComponent(NEW)}`;
    for (const body of [
      `token=${token.slice(0, -1)}`,
      `token=${token}a`,
      `token=${token}&token=${token}`,
      `token[startsWith]=`,
      `token[]=${token}`,
      `token=%5Bobject%20Object%5D`,
      `token=${swapped}`,
      `token=${'A'.repeat(43)}`,
      'token=',
      'other=1',
      `token=${token}%00`,
      `token=${token}%0A`,
    ]) {
      expect([body, (await send(dossier, '/reset/choose', `${body}&${password}`)).status]).toEqual([body, 410]);
      const inAddress = body.includes('%00') ? 400 : 410;
      expect([body, (await visit(`${dossier.url}/reset/choose?${body}`)).status]).toEqual([body, inAddress]);
    }
    expect((await send(dossier, '/reset/choose', { token, 'new-password': NEW, admin: '1' })).status).toBe(400);
    await unchanged(id);
    expect((await choose(token)).status).toBe(303);
  });

  test('used at fifty places at once works at one', async () => {
    const { token } = await inHand();
    const answers = await Promise.all(Array.from({ length: 50 }, () => choose(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array.from({ length: 49 }, () => 410)]);
  });
});

test.each([
  ['', 'Please write a password'],
  ['short', 'too short'],
  ['dossier dossier', 'your name, your address'],
])('the password %j is refused beside its field, and the link still good', async (password, words) => {
  const { id, email } = await anAccount(dossier);
  await ask(email);
  const token = await tokenTo(dossier, email, 'reset-password');
  const page = await choose(token, password);
  expect([page.status, said(page, '#new-password-error')]).toEqual([422, expect.stringContaining(words)]);
  expect(page.html.querySelector('#new-password')!.getAttribute('value')).toBe('');
  expect(await isNow(id, PASSWORD)).toBe(true);
  expect((await choose(token)).status).toBe(303);
});

test('a wrong address is said beside its field and kept; a strange body is no form of ours', async () => {
  const page = await ask('not an address');
  expect([page.status, said(page, '#email-error'), page.html.querySelector('#email')!.getAttribute('value')]).toEqual([
    422,
    expect.stringContaining('does not look like'),
    'not an address',
  ]);
  for (const body of [
    '',
    'email=a@example.org&email=b@example.org',
    'email[contains]=@',
    'email=a@example.org&admin=1',
  ])
    expect([body, (await send(dossier, '/reset', body)).status]).toEqual([body, 400]);
});

test('five letters an hour to one address and twenty from one place, whether there is an account or not', async () => {
  for (const email of [anyEmail(), (await anAccount(dossier)).email]) {
    for (let asked = 0; asked < 5; asked++) expect((await ask(email)).status).toBe(303);
    const sixth = await ask(email.toUpperCase());
    expect([sixth.status, Number(sixth.headers.get('retry-after')) > 3_000]).toEqual([429, true]);
  }
  const ip = anyIp();
  for (let asked = 0; asked < 20; asked++) expect((await ask(anyEmail(), { ip })).status).toBe(303);
  expect((await ask(anyEmail(), { ip })).status).toBe(429);
});
