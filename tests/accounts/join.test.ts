import { createHash } from 'node:crypto';
import { accountsViewer } from '../../src/access/viewer';
import { askEmailChange } from '../../src/accounts/actions/ask-email-change';
import { makeTokenRow } from '../../src/accounts/actions/make-api-token';
import { addPasskey } from '../../src/accounts/passkeys/store';
import { openSecretSealer } from '../../src/accounts/second-factor/secret';
import { enableTotp } from '../../src/accounts/second-factor/enable';
import type { WallTransaction } from '../../src/stores/postgres/wall';
import { original, SPANISH } from '../support/briefing';
import { anAccount, anyEmail, cookiesOf, PASSWORD, send } from '../support/door';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { lettersTo, tokenTo } from '../support/letters';
import { said, visit } from '../support/page';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
});
afterAll(() => dossier.stop());

const DAY = 86_400_000;
const JOIN = '/join/strategy-circle';
const newcomer = (more: Readonly<Record<string, string>> = {}) => ({
  name: 'Ana Belén',
  email: anyEmail(),
  password: PASSWORD,
  ...more,
});
const accountOf = (email: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findMany({ where: { email }, include: { grants: true, logins: true, links: true, letters: true } }),
  );

test('the page says what it opens and for whom, and asks for three things', async () => {
  const page = await visit(`${dossier.url}${JOIN}?next=${encodeURIComponent('/briefings/a-signal#trend')}`);
  expect(page.status).toBe(200);
  expect(said(page, 'main')).toMatch(/Free for every reader who wants the context.*deeper trend context.*Nothing\./);
  expect(
    page.html
      .querySelectorAll('main input')
      .map((one) => [one.getAttribute('name'), one.getAttribute('type'), one.getAttribute('autocomplete') ?? null]),
  ).toEqual([
    ['next', 'hidden', null],
    ['name', 'text', 'name'],
    ['email', 'email', 'email'],
    ['password', 'password', 'new-password'],
  ]);
  for (const input of page.html.querySelectorAll('main input:not([type=hidden])'))
    expect(page.html.querySelector(`label[for=${input.id}]`)).not.toBeNull();
  expect(page.html.querySelector('input[name=next]')!.getAttribute('value')).toBe('/briefings/a-signal#trend');
  for (const link of ['.form-links a', '.top-who a[hreflang=es]'])
    expect([link, page.html.querySelector(link)!.getAttribute('href')]).toEqual([
      link,
      expect.stringContaining('next=%2Fbriefings%2Fa-signal%23trend'),
    ]);
  expect(page.headers.get('cache-control')).toBe('private, no-store');
});

test.each(['//evil.example', 'https://evil.example', 'javascript:alert(1)', '/login'])(
  'a next of %j is not carried along',
  async (next) => {
    const page = await visit(`${dossier.url}${JOIN}?next=${encodeURIComponent(next)}`);
    expect(page.html.querySelector('input[name=next]')).toBeNull();
    expect(page.text).not.toContain('evil');
  },
);

test('whoever joins is back at the passage and reads it, at once and in every process', async () => {
  const second = await startDossier({ on: dossier.urls });
  const answer = await send(dossier, JOIN, newcomer({ next: '/briefings/a-signal#trend' }));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/briefings/a-signal#trend']);
  for (const { url } of [dossier, second]) {
    const page = await visit(`${url}/briefings/a-signal`, { headers: { Cookie: cookiesOf(answer) } });
    expect([page.text.includes('GATED trend text.'), page.text.includes('GATED evidence text.')]).toEqual([
      true,
      false,
    ]);
    expect(page.html.querySelector('#trend')).not.toBeNull();
  }
  await second.stop();
});

test('everything joining makes is there: account, grant, login, and the letter whose link is kept as a hash', async () => {
  const who = newcomer({ name: '  Ana\u0301 Belén ', email: `  ${anyEmail().toUpperCase()} ` });
  const answer = await send(dossier, `/es${JOIN}`, who);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/es']);
  const email = who.email.trim().toLowerCase();
  const [account, ...others] = await accountOf(email);
  expect(others).toEqual([]);
  expect(account).toMatchObject({
    name: 'Aná Belén',
    lang: 'es',
    role: 'reader',
    state: 'active',
    verifiedAt: null,
    grants: [{ tierSlug: 'strategy-circle', source: 'JOINED', until: null }],
    logins: [{ endedAt: null }],
  });
  expect(account!.passwordHash).toMatch(/^\$argon2id\$/);
  const [letter] = account!.letters;
  const { token } = letter!.data as { token: string };
  expect([letter!.kind, letter!.lang, letter!.recipient, token.length]).toEqual(['verify-email', 'es', email, 43]);
  const [link] = account!.links;
  expect(link).toMatchObject({
    hash: createHash('sha256').update(token).digest('hex'),
    purpose: 'verify_email',
    usedAt: null,
  });
  expect(link!.expiresAt.getTime() - link!.createdAt.getTime()).toBeGreaterThan(7 * DAY - 60_000);
  expect(JSON.stringify(letter)).not.toContain('Ana');
});

test('twenty at once with one address are one account', async () => {
  const who = newcomer();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(dossier, JOIN, who)));
  const seen = answers.map(({ status }) => status);
  expect(seen).toContain(303);
  expect(seen.every((status) => [303, 429].includes(status))).toBe(true);
  const accounts = await accountOf(who.email);
  expect(accounts).toHaveLength(1);
  expect([
    accounts[0]!.grants.length,
    accounts[0]!.letters.filter(({ kind }) => kind === 'verify-email').length,
  ]).toEqual([1, 1]);
});

describe('an address that has an account', () => {
  test('with its password is let in, and nothing is made', async () => {
    const { email } = await anAccount(dossier);
    const answer = await send(dossier, JOIN, newcomer({ email: email.toUpperCase(), next: '/briefings/a-signal' }));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/briefings/a-signal']);
    const [account] = await accountOf(email);
    expect([account!.grants.length, account!.logins.length, account!.letters.length, account!.name]).toEqual([
      1,
      1,
      0,
      'A reader',
    ]);
  });

  test('with another password is refused without a word about whose it is, and its owner is told', async () => {
    const { email } = await anAccount(dossier);
    const answer = await send(
      dossier,
      JOIN,
      newcomer({ email, password: 'some other words entirely', next: '/briefings/a-signal' }),
    );
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([422, null]);
    expect(said(answer, '#form-error')).toMatch(/was not possible/);
    expect(answer.html.querySelector('#name')!.getAttribute('value')).toBe('Ana Belén');
    const [account] = await accountOf(email);
    expect(account!.letters.map(({ kind, recipient, data }) => [kind, recipient, data])).toEqual([
      ['already-joined', email, {}],
    ]);
    expect(account!.logins).toEqual([]);
  });

  test('is asked for its second factor here too', async () => {
    const { email } = await anAccount(dossier, { totpConfirmedAt: new Date() });
    const answer = await send(dossier, JOIN, newcomer({ email }));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login/second-factor']);
    expect((await accountOf(email))[0]!.logins).toEqual([]);
  });

  test('and is suspended is refused like a wrong password, without a letter', async () => {
    const { email } = await anAccount(dossier, { state: 'suspended' });
    expect((await send(dossier, JOIN, newcomer({ email }))).status).toBe(422);
    expect((await accountOf(email))[0]!.letters).toEqual([]);
  });

  test('is not one to try passwords on: five in an hour, counted with those of the other door', async () => {
    const { email } = await anAccount(dossier);
    const seen = [];
    for (let round = 0; round < 6; round++)
      seen.push((await send(dossier, JOIN, newcomer({ email, password: `some other words ${round}` }))).status);
    expect(seen).toEqual([422, 422, 422, 422, 422, 429]);
    for (let round = 0; round < 5; round++)
      expect((await send(dossier, '/login', { email, password: `some other words ${round}` })).status).toBe(422);
    expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(429);
  });
});

describe('an address that somebody joined with', () => {
  const NEW = 'seven lanterns on the quay';
  const inside = async (cookie: string) =>
    (await visit(`${dossier.url}/account`, { headers: { Cookie: cookie } })).status === 200;
  const logsIn = async (email: string, password: string) => (await send(dossier, '/login', { email, password })).status;
  const isConfirmed = async (email: string) => (await accountOf(email))[0]!.verifiedAt !== null;

  /** Somebody who joined, and left every other way in and everything pending behind that an account can have. */
  async function joined() {
    const who = newcomer();
    const cookie = cookiesOf(await send(dossier, JOIN, who));
    const [account] = await accountOf(who.email);
    const id = account!.id;
    await send(dossier, '/account/tokens', { 'token-name': 'mine', scopes: 'briefings:read' }, { cookie });
    const another = anyEmail();
    await send(dossier, '/account/email', { email: another, current: PASSWORD }, { cookie });
    await dossier.wall.write(accountsViewer, async (db) => {
      await db.passkey.create({
        data: { id: `of ${id}`, accountId: id, publicKey: Buffer.from('x'), counter: 0n, name: 'mine', transports: [] },
      });
      await db.recoveryCode.create({ data: { accountId: id, hash: id } });
    });
    return { ...who, id, cookie, change: await tokenTo(dossier, another, 'email-change') };
  }
  const waysIn = async (id: string) =>
    dossier.wall.read(accountsViewer, async (db) => ({
      passkeys: await db.passkey.count({ where: { accountId: id } }),
      codes: await db.recoveryCode.count({ where: { accountId: id } }),
      tokens: await db.apiToken.count({ where: { accountId: id, revokedAt: null } }),
      logins: await db.login.count({ where: { accountId: id, endedAt: null } }),
      devices: await db.knownDevice.count({ where: { accountId: id } }),
      changes: await db.linkToken.count({ where: { accountId: id, purpose: 'change_email', usedAt: null } }),
      factor: await db.account.count({ where: { id, totpSecret: { not: null } } }),
    }));
  const ALL = { passkeys: 1, codes: 1, tokens: 1, logins: 1, devices: 1, changes: 1, factor: 0 };

  test('is confirmed by the session that joined, and nothing ends', async () => {
    const { id, email, cookie } = await joined();
    const token = await tokenTo(dossier, email, 'verify-email');
    const page = await visit(`${dossier.url}/verify?token=${token}`, { headers: { Cookie: cookie } });
    expect([page.status, page.html.querySelectorAll('main input:not([type=hidden])')]).toEqual([200, []]);
    const answer = await send(dossier, '/verify', { token }, { cookie });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account?done=address-verified']);
    expect([await isConfirmed(email), await waysIn(id), await inside(cookie)]).toEqual([true, ALL, true]);
  });

  test('is confirmed in another browser by the password, which logs in there, and nothing ends', async () => {
    const { id, email, cookie } = await joined();
    const token = await tokenTo(dossier, email, 'verify-email');
    const page = await visit(`${dossier.url}/es/verify?token=${token}`);
    expect([page.status, page.text.includes(email)]).toEqual([200, true]);
    expect(page.html.querySelector('#password')!.getAttribute('autocomplete')).toBe('current-password');
    const answer = await send(dossier, '/es/verify', { token, password: PASSWORD });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/es/account?done=address-verified']);
    expect([await isConfirmed(email), await inside(cookie), await inside(cookiesOf(answer))]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await waysIn(id)).toEqual({ ...ALL, logins: 2, devices: 2 });
    expect((await visit(`${dossier.url}/verify/claim?token=${token}`)).status).toBe(410);
  });

  test('asks for the second factor after the password, and is confirmed all the same', async () => {
    const { id, email } = await joined();
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { totpConfirmedAt: new Date(), totpSecret: 'sealed' } }),
    );
    const token = await tokenTo(dossier, email, 'verify-email');
    const answer = await send(dossier, '/verify', { token, password: PASSWORD });
    expect([answer.headers.get('location'), await isConfirmed(email)]).toEqual(['/login/second-factor', true]);
    expect(await waysIn(id)).toEqual({ ...ALL, factor: 1 });
  });

  test.each(['the letter of joining', 'a letter sent once more'])(
    'is confirmed by %s in its own mailbox only with a new password, and whoever joined is out',
    async (letter) => {
      const stranger = await joined();
      const { id, email, cookie } = stranger;
      await dossier.wall.write(accountsViewer, (db) =>
        db.account.update({ where: { id }, data: { totpSecret: 'sealed', totpConfirmedAt: new Date() } }),
      );
      const again = letter !== 'the letter of joining';
      if (again) await send(dossier, '/account/verify', {}, { cookie });
      const token = await tokenTo(dossier, email, 'verify-email', again ? 2 : 1);

      // The mailbox alone confirms nothing, and neither does a login to another account.
      const other = await anAccount(dossier);
      const others = cookiesOf(await send(dossier, '/login', { email: other.email, password: PASSWORD }));
      for (const more of [{}, { cookie: others }]) {
        const page = await send(dossier, '/verify', { token }, more);
        expect([page.status, said(page, '#password-error') === null]).toEqual([422, false]);
      }
      expect((await send(dossier, '/verify', { token, password: 'a guess of the owner' })).status).toBe(422);
      expect([await isConfirmed(email), await inside(cookie)]).toEqual([false, true]);

      const page = await visit(`${dossier.url}/verify?token=${token}`);
      const way = page.html.querySelector('.form-links a')!.getAttribute('href')!;
      expect((await visit(`${dossier.url}${way}`)).html.querySelector('#new-password')).not.toBeNull();
      const weak = await send(dossier, '/verify/claim', { token, 'new-password': 'short' });
      expect([weak.status, said(weak, '#new-password-error') === null]).toEqual([422, false]);
      const claimed = await send(dossier, '/verify/claim', { token, 'new-password': NEW });
      expect([claimed.status, claimed.headers.get('location')]).toEqual([303, '/verify/claimed']);

      expect([await isConfirmed(email), await inside(cookie)]).toEqual([true, false]);
      expect([await logsIn(email, PASSWORD), await logsIn(email, NEW)]).toEqual([422, 303]);
      expect(await waysIn(id)).toMatchObject({
        passkeys: 0,
        codes: 0,
        tokens: 0,
        changes: 0,
        factor: 0,
        logins: 1,
        devices: 1,
      });
      for (const dead of [token, stranger.change])
        expect((await send(dossier, '/verify', { token: dead, password: PASSWORD })).status).toBe(410);
      expect((await lettersTo(dossier, email)).map(({ kind }) => kind)).toContain('password-changed');
    },
  );

  test('leaves nothing behind that was under way when it was claimed', async () => {
    const { id, email } = await joined();
    const [login] = (await accountOf(email))[0]!.logins;
    await send(dossier, '/verify/claim', { token: await tokenTo(dossier, email, 'verify-email'), 'new-password': NEW });
    const owner = { id, loginId: login!.id };
    const passkey = { id: `late ${id}`, publicKey: new Uint8Array(1), counter: 0n, name: 'late' };
    const late: ((db: WallTransaction) => Promise<unknown>)[] = [
      (db) => addPasskey(db, owner, passkey, new Date()),
      (db) => makeTokenRow(db, owner, { name: 'late', hash: id, scopes: ['briefings:read'] }, new Date()),
      (db) => askEmailChange(db, owner, anyEmail(), new Date()),
      (db) => enableTotp(db, openSecretSealer([SESSION_SECRET]), owner, 'secret', 1n, new Date()),
    ];
    for (const act of late)
      await expect(dossier.wall.write(accountsViewer, act)).rejects.toMatchObject({ status: 409 });
    expect(await waysIn(id)).toMatchObject({ passkeys: 0, tokens: 0, changes: 0, factor: 0, logins: 0 });
  });

  test('is not one to try passwords on: ten, counted with those of the doors', async () => {
    const { email } = await joined();
    const token = await tokenTo(dossier, email, 'verify-email');
    for (let round = 0; round < 10; round++)
      expect((await send(dossier, '/verify', { token, password: `guess ${round}` })).status).toBe(422);
    const last = await send(dossier, '/verify', { token, password: PASSWORD });
    expect([last.status, Number(last.headers.get('retry-after')) > 0, await isConfirmed(email)]).toEqual([
      429,
      true,
      false,
    ]);
    expect(await logsIn(email, PASSWORD)).toBe(429);
  });

  test('and has no password is claimed, or confirmed after logging in', async () => {
    const { id, email, cookie } = await joined();
    const token = await tokenTo(dossier, email, 'verify-email');
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { passwordHash: null } }),
    );
    const page = await visit(`${dossier.url}/verify?token=${token}`);
    expect(page.html.querySelector('#new-password')).not.toBeNull();
    expect(page.html.querySelectorAll('.form-links a').map((link) => link.getAttribute('href'))).toEqual(['/login']);
    expect((await send(dossier, '/verify', { token, password: PASSWORD })).status).toBe(422);
    expect((await send(dossier, '/verify', { token }, { cookie })).status).toBe(303);
  });
});

test.each<[Readonly<Record<string, string>>, readonly string[]]>([
  [{ name: '', email: '', password: '' }, ['name', 'email', 'password']],
  [{ name: '   ' }, ['name']],
  [{ name: 'x'.repeat(101) }, ['name']],
  [{ name: 'a\u0000b' }, ['name']],
  [{ name: 'a\nb' }, ['name']],
  [{ name: 'a\u202eb' }, ['name']],
  [{ name: 'You have won: http://evil.example' }, ['name']],
  [{ name: 'www.evil.example' }, ['name']],
  [{ name: '<b>x</b>' }, ['name']],
  [{ email: 'x' }, ['email']],
  [{ email: 'a@b' }, ['email']],
  [{ email: 'a@b.example\r\nBcc: c@d.example' }, ['email']],
  [{ email: 'a@b.example,c@d.example' }, ['email']],
  [{ email: 'señor@example.org' }, ['email']],
  [{ email: `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}` }, ['email']],
  [{ password: 'elevenchars' }, ['password']],
  [{ password: 'x1 '.repeat(100) }, ['password']],
  [{ password: 'password1234' }, ['password']],
  [{ password: 'dossierdossier' }, ['password']],
  [{ name: 'Wilhelmina Okonkwo', password: 'wilhelminaokonkwo' }, ['password']],
])('%j is wrong in %j: said beside it, the rest kept', async (changes, wrong) => {
  const who = newcomer(changes);
  const page = await send(dossier, JOIN, { ...who, next: '/briefings/a-signal' });
  expect([page.status, page.headers.get('set-cookie')]).toEqual([422, null]);
  expect(page.html.querySelectorAll('.form .field-error').map(({ id }) => id)).toEqual(
    wrong.map((name) => `${name}-error`),
  );
  expect(page.html.querySelectorAll('[aria-invalid=true]').map(({ id }) => id)).toEqual(wrong);
  for (const name of wrong)
    expect(page.html.querySelector(`#${name}`)!.getAttribute('aria-describedby')!.split(' ')).toContain(
      `${name}-error`,
    );
  expect(page.html.querySelectorAll('[autofocus]').map(({ id }) => id)).toEqual([wrong[0]]);
  expect(page.html.querySelector('#password')!.getAttribute('value')).toBe('');
  expect(page.html.querySelector('input[name=next]')!.getAttribute('value')).toBe('/briefings/a-signal');
  if (!wrong.includes('email')) expect(page.html.querySelector('#email')!.getAttribute('value')).toBe(who.email);
  expect(await accountOf(who.email.trim().toLowerCase().replaceAll('\u0000', ''))).toEqual([]);
});

test.each([0x200b, 0x2060, 0x200e, 0x202e, 0xad, 0xfeff, 0xe0041])(
  'an address with U+%p in it is refused in words, shown without it, and taken then',
  async (code) => {
    const who = newcomer();
    const hidden = String.fromCodePoint(code);
    const page = await send(dossier, JOIN, { ...who, email: who.email.replace('@', `${hidden}@`) });
    expect([page.status, said(page, '#email-error')]).toEqual([422, expect.stringContaining('invisible character')]);
    const shown = page.html.querySelector('#email')!.getAttribute('value')!;
    expect(shown).toBe(who.email);
    for (const path of ['/login', '/es/reset']) {
      const other = await send(dossier, path, {
        email: who.email.replace('@', `${hidden}@`),
        ...(path === '/login' ? { password: PASSWORD } : {}),
      });
      expect([other.status, said(other, '#email-error')]).toEqual([422, expect.stringMatching(/invisible/)]);
    }
    expect((await send(dossier, JOIN, { ...who, email: shown })).status).toBe(303);
  },
);

test('a name keeps the letters it is made of, and nothing that is not seen', async () => {
  const who = newcomer({ name: '\u200eA\u00adna\u200b Ma\u0301rquez\ufeff' });
  expect((await send(dossier, JOIN, who)).status).toBe(303);
  expect((await accountOf(who.email.trim().toLowerCase()))[0]!.name).toBe('Ana M\u00e1rquez');
  const page = await send(dossier, JOIN, newcomer({ name: 'Ana \u202ezeuqraM' }));
  expect([page.status, said(page, '#name-error'), page.html.querySelector('#name')!.getAttribute('value')]).toEqual([
    422,
    expect.stringContaining('invisible character'),
    'Ana zeuqraM',
  ]);
});

test('what was typed comes back as text, never as a part of the page', async () => {
  const page = await send(
    dossier,
    JOIN,
    newcomer({ name: '"><script>alert(1)</script>', email: '" autofocus onfocus="alert(1)', password: 'short' }),
  );
  expect(page.html.querySelector('#name')!.getAttribute('value')).toBe('"><script>alert(1)</script>');
  expect(page.html.querySelector('#email')!.getAttribute('onfocus')).toBeUndefined();
  expect(page.html.querySelectorAll('main script')).toEqual([]);
});

test.each(['PUT', 'DELETE', 'PATCH'])('%s is not how one joins', async (method) => {
  const page = await visit(`${dossier.url}${JOIN}`, { method, headers: { Origin: dossier.url } });
  expect([page.status, page.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
});
