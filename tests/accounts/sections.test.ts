import { accountsViewer } from '../../src/access/viewer';
import { isPassword } from '../../src/accounts/credentials/passwords';
import { original } from '../support/briefing';
import { enter, logIn } from '../support/cast';
import { anAccount, anyEmail, cookiesOf, PASSWORD, send } from '../support/door';
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
afterEach(() => jest.restoreAllMocks());

const NEW = 'seven lanterns on the quay';
const MINUTE = 60_000;

/** Somebody logged in. */
async function someone(more: Parameters<typeof anAccount>[1] = {}) {
  const account = await anAccount(dossier, more);
  return { ...account, cookie: await logIn(dossier, account.id) };
}
const open = (path: string, cookie?: string) =>
  visit(`${dossier.url}${path}`, cookie === undefined ? {} : { headers: { Cookie: cookie } });
const rowOf = (id: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findUnique({ where: { id }, include: { logins: true, apiTokens: true, links: true } }),
  );
const inside = async (cookie: string) => (await open('/account', cookie)).status === 200;

const SECTIONS = ['/account', '/account/profile', '/account/security', '/account/tokens', '/account/data'];
const NOBODYS = '00000000-0000-4000-8000-000000000000';
const ACTS: readonly [string, Record<string, string>][] = [
  ['/account/profile', { name: 'Other', lang: 'es' }],
  ['/account/email', { email: 'other@example.org', current: PASSWORD }],
  ['/account/verify', {}],
  ['/account/password', { current: PASSWORD, 'new-password': NEW }],
  ['/account/sessions/end-others', {}],
  [`/account/sessions/${NOBODYS}/end`, {}],
  ['/account/tokens', { 'token-name': 'mine', scopes: 'briefings:read' }],
  [`/account/tokens/${NOBODYS}/revoke`, {}],
  ['/account/export', { 'export-current': PASSWORD }],
  ['/account/delete', { email: 'x@example.org', current: PASSWORD }],
];

describe('a section', () => {
  test.each(SECTIONS)('%s opens to its owner alone, and is kept nowhere', async (path) => {
    const { cookie } = await someone();
    const page = await open(path, cookie);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    const visitor = await open(path);
    expect([visitor.status, visitor.headers.get('location')]).toEqual([303, `/login?next=${encodeURIComponent(path)}`]);
    const spanish = await open(`/es${path}`);
    expect(spanish.headers.get('location')).toBe(`/es/login?next=${encodeURIComponent(`/es${path}`)}`);
    expect((await open(path, cookie)).text).not.toBe('');
  });

  test.each(SECTIONS)(
    '%s is 503 when whose it is cannot be proved, and no way to log in again and again',
    async (path) => {
      const { cookie } = await someone();
      jest.spyOn(dossier.sessionStore, 'get').mockImplementation((_id, answer) => {
        answer(new Error('away'));
      });
      const page = await open(path, cookie);
      expect([page.status, page.headers.get('location'), page.headers.get('retry-after')]).toEqual([503, null, '10']);
    },
  );

  test.each(ACTS)('POST %s does nothing for a visitor, nor from another origin', async (path, fields) => {
    const { id, cookie } = await someone();
    const before = await rowOf(id);
    const visitor = await send(dossier, path, fields);
    expect([visitor.status, visitor.headers.get('location')]).toEqual([303, '/login?next=%2Faccount']);
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'same-site' }])
      expect((await send(dossier, path, fields, { cookie, headers })).status).toBe(403);
    expect(await rowOf(id)).toEqual(before);
  });

  test.each(ACTS.filter(([path]) => !/verify|end|revoke|export/.test(path)))(
    'POST %s takes no form but its own',
    async (path, fields) => {
      const { cookie } = await someone();
      for (const body of [
        '',
        `${new URLSearchParams(fields).toString()}&role=admin`,
        `${new URLSearchParams(fields).toString()}&${Object.keys(fields)[0]}=again`,
      ]) {
        expect([body, (await send(dossier, path, body, { cookie })).status]).toEqual([body, 400]);
      }
    },
  );

  test('asked in another way says which ways there are', async () => {
    const { cookie } = await someone();
    expect((await open('/account/delete', cookie)).headers.get('allow')).toBe('POST');
    const exported = await open('/account/export', cookie);
    expect([exported.status, exported.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await open('/account/nothing', cookie)).status).toBe(404);
  });

  test('says what was done from a closed set, and nothing an address makes up', async () => {
    const { cookie } = await someone();
    expect(said(await open('/account?done=letter-sent', cookie), '.done')).toContain('on its way');
    for (const done of ['', 'constructor', '<b>', 'letter-sent&done=letter-sent'])
      expect(said(await open(`/account?done=${done}`, cookie), '.done')).toBeNull();
  });
});

describe('the membership', () => {
  test('is explained grant by grant, in both languages', async () => {
    const lapsed = await enter(dossier, 'lapsed');
    const page = await open('/account', lapsed.headers['Cookie']);
    expect(said(page, '.standing')).toBe(
      'You read everything Strategy Circle opens, because you joined, without an end date.',
    );
    const rows = page.html.querySelectorAll('.row').map((row) => row.text.replace(/\s+/g, ' ').trim());
    expect(rows).toEqual([
      expect.stringMatching(/^Strategy Circle Joined From .*, without an end date In force$/),
      expect.stringMatching(/^Leadership Alliance Subscription From .* until .* Opens nothing now$/),
    ]);
    expect(page.html.querySelector('.section-do a')!.getAttribute('href')).toBe('/join/leadership-alliance');
    expect(said(await open('/es/account', lapsed.headers['Cookie']), '.standing')).toContain('porque usted se unió');
  });

  test.each([
    ['alliance', 'Leadership Alliance opens, because you have a subscription'],
    ['comped', 'because the editors invited you, until'],
    ['trial', 'because you are on a trial, until'],
    ['stranger', 'No membership is in force'],
    ['editor', 'As an editor you read everything'],
  ] as const)('of %s says %s', async (name, words) => {
    expect(said(await open('/account', (await enter(dossier, name)).headers['Cookie']), '.standing')).toContain(words);
  });
});

describe('the profile', () => {
  test('is saved, and shown on the very next page', async () => {
    const { id, cookie } = await someone();
    const saved = await send(dossier, '/account/profile', { name: '  Renée O’Hara ', lang: 'es' }, { cookie });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/account/profile?done=profile-saved']);
    expect(await rowOf(id)).toMatchObject({ name: 'Renée O’Hara', lang: 'es' });
    expect(said(await open('/account', cookie), 'h1')).toBe('Renée O’Hara');
  });

  test.each([
    [{ name: '', lang: 'en' }, '#name-error'],
    [{ name: 'see http://evil.example', lang: 'en' }, '#name-error'],
    [{ name: 'x'.repeat(101), lang: 'en' }, '#name-error'],
  ])('%j is refused beside its field, and kept', async (fields, error) => {
    const { id, cookie } = await someone();
    const page = await send(dossier, '/account/profile', fields, { cookie });
    expect([page.status, said(page, error) === null, page.html.querySelector('#name')!.getAttribute('value')]).toEqual([
      422,
      false,
      fields.name,
    ]);
    expect((await rowOf(id))!.name).toBe('A reader');
  });
});

describe('the password', () => {
  const change = (cookie: string, current: string, to = NEW) =>
    send(dossier, '/account/password', { current, 'new-password': to }, { cookie });

  test('changes: the others are out at once, this one stays under a new id, and the owner is told', async () => {
    const { id, email, cookie } = await someone();
    const other = await logIn(dossier, id);
    expect(await inside(other)).toBe(true);
    const answer = await change(cookie, PASSWORD);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/account/security?done=password-changed']);
    expect([await inside(cookiesOf(answer)), await inside(other), await inside(cookie)]).toEqual([true, false, false]);
    expect(await isPassword(NEW, (await rowOf(id))!.passwordHash)).toBe(true);
    expect(await lettersTo(dossier, email, 'password-changed')).toHaveLength(1);
  });

  test.each([
    ['', NEW, '#current-error'],
    ['wrong', NEW, '#current-error'],
    [PASSWORD, '', '#new-password-error'],
    [PASSWORD, 'short', '#new-password-error'],
    [PASSWORD, 'password1234', '#new-password-error'],
  ])('with %j and %j is refused beside its field', async (current, to, error) => {
    const { id, cookie } = await someone();
    const page = await change(cookie, current, to);
    expect([page.status, said(page, error) === null]).toEqual([422, false]);
    expect(page.html.querySelectorAll('input[type=password]').map((one) => one.getAttribute('value'))).toEqual([
      '',
      '',
    ]);
    expect([await isPassword(PASSWORD, (await rowOf(id))!.passwordHash), await inside(cookie)]).toEqual([true, true]);
  });

  test('is not to be guessed from within a session', async () => {
    const { id, cookie } = await someone();
    for (let tried = 0; tried < 10; tried++) expect((await change(cookie, 'wrong')).status).toBe(422);
    const last = await change(cookie, PASSWORD);
    expect([last.status, last.headers.get('retry-after') !== null]).toEqual([429, true]);
    expect(await isPassword(PASSWORD, (await rowOf(id))!.passwordHash)).toBe(true);
  });
});

describe('the address', () => {
  const ask = (cookie: string, email: string, current = PASSWORD) =>
    send(dossier, '/account/email', { email, current }, { cookie });

  test('changes when the new one is confirmed: the old one is told, and every other way in ends', async () => {
    const { id, email, cookie } = await someone();
    const other = await logIn(dossier, id);
    await send(dossier, '/reset', { email });
    const reset = await tokenTo(dossier, email, 'reset-password');
    const to = anyEmail();
    expect((await ask(cookie, ` ${to.toUpperCase()} `)).headers.get('location')).toBe(
      '/account/profile?done=email-asked',
    );
    expect((await rowOf(id))!.email).toBe(email);
    expect((await open('/account/profile', cookie)).text).toContain(to);
    const token = await tokenTo(dossier, to, 'email-change');

    // A program that looks through mail opens links too.
    const page = await open(`/verify?token=${token}`);
    expect([
      page.status,
      page.headers.get('referrer-policy'),
      page.text.includes(to),
      (await rowOf(id))!.email,
    ]).toEqual([200, 'no-referrer', true, email]);
    const confirmed = await send(dossier, '/verify', { token }, { cookie });
    expect([confirmed.status, confirmed.headers.get('location')]).toEqual([303, '/account?done=address-changed']);
    expect(await rowOf(id)).toMatchObject({ email: to });
    expect([await inside(cookie), await inside(other)]).toEqual([true, false]);
    expect(await lettersTo(dossier, email, 'email-changed')).toHaveLength(1);
    expect((await send(dossier, '/reset/choose', { token: reset, 'new-password': NEW })).status).toBe(410);
    expect((await send(dossier, '/verify', { token }, { cookie })).status).toBe(410);
  });

  test('is confirmed from elsewhere by the password alone, and every login there was ends', async () => {
    const { id, email, cookie } = await someone();
    const to = anyEmail();
    await ask(cookie, to);
    const token = await tokenTo(dossier, to, 'email-change');
    // Whoever reads the mail of the new address has not shown that the account is theirs: they can neither confirm nor
    // claim.
    const stranger = await someone();
    for (const [body, status] of [
      [{ token }, 422],
      [{ token, password: 'not its password' }, 422],
    ] as const) {
      const page = await send(dossier, '/verify', body, { cookie: stranger.cookie });
      expect([page.status, said(page, '#password-error') === null]).toEqual([status, false]);
    }
    expect((await open(`/verify/claim?token=${token}`)).status).toBe(410);
    expect((await send(dossier, '/verify/claim', { token, 'new-password': NEW })).status).toBe(410);
    expect([(await rowOf(id))!.email, await inside(cookie)]).toEqual([email, true]);

    const confirmed = await send(dossier, '/verify', { token, password: PASSWORD }, { cookie: stranger.cookie });
    expect([confirmed.status, confirmed.headers.get('location')]).toEqual([303, '/account?done=address-changed']);
    expect([(await rowOf(id))!.email, await inside(cookie), await inside(cookiesOf(confirmed))]).toEqual([
      to,
      false,
      true,
    ]);
    expect((await rowOf(stranger.id))!.email).toBe(stranger.email);
  });

  test('of an account without a password is confirmed by whoever is logged in to it, and by nobody else', async () => {
    const { id, cookie } = await someone();
    const to = anyEmail();
    await ask(cookie, to);
    const token = await tokenTo(dossier, to, 'email-change');
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { passwordHash: null } }),
    );
    const page = await open(`/verify?token=${token}`);
    expect([page.status, said(page, 'h1'), page.html.querySelector('main form')]).toEqual([403, 'Log in first', null]);
    expect((await send(dossier, '/verify', { token, password: PASSWORD })).status).toBe(422);
    expect((await send(dossier, '/verify', { token }, { cookie })).headers.get('location')).toBe(
      '/account?done=address-changed',
    );
  });

  test('of another account cannot be taken, and whoever asks sees no difference', async () => {
    const [one, other] = [await someone(), await someone()];
    const [taken, free] = [await ask(one.cookie, other.email), await ask(one.cookie, anyEmail())];
    expect([taken.status, taken.headers.get('location'), taken.text]).toEqual([
      free.status,
      free.headers.get('location'),
      free.text,
    ]);
    expect((await lettersTo(dossier, other.email)).map(({ kind }) => kind)).toEqual(['already-joined']);
  });

  test('that came to another account meanwhile changes nothing', async () => {
    const { id, email, cookie } = await someone();
    const to = anyEmail();
    await ask(cookie, to);
    const token = await tokenTo(dossier, to, 'email-change');
    await anAccount(dossier, { email: to });
    expect((await send(dossier, '/verify', { token }, { cookie })).status).toBe(410);
    expect((await rowOf(id))!.email).toBe(email);
  });

  test("that two accounts confirm at once is one's, and the other is told the link is over", async () => {
    for (let time = 0; time < 4; time++) {
      const [one, other] = [await someone(), await someone()];
      const to = anyEmail();
      await ask(one.cookie, to);
      await ask(other.cookie, to);
      await tokenTo(dossier, to, 'email-change', 2);
      const answers = await Promise.all(
        (await lettersTo(dossier, to, 'email-change')).map(({ data }) =>
          send(dossier, '/verify', { token: data.token!, password: PASSWORD }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 410]);
    }
  });

  test.each([
    ['no address', PASSWORD, '#email-error'],
    ['', PASSWORD, '#email-error'],
    ['new@example.org', 'wrong', '#current-error'],
    ['new@example.org', '', '#current-error'],
  ])('%j with %j is refused beside its field, and kept', async (email, current, error) => {
    const { id, cookie } = await someone();
    const page = await ask(cookie, email, current);
    expect([page.status, said(page, error) === null, page.html.querySelector('#email')!.getAttribute('value')]).toEqual(
      [422, false, email],
    );
    expect((await rowOf(id))!.links).toEqual([]);
  });

  test('is confirmed by the letter that is sent once more; the older link and a seven days old one are dead', async () => {
    const { id, email, cookie } = await someone();
    for (const count of [1, 2]) {
      expect((await send(dossier, '/account/verify', {}, { cookie })).headers.get('location')).toBe(
        '/account?done=letter-sent',
      );
      await tokenTo(dossier, email, 'verify-email', count);
    }
    const [older, newer] = (await lettersTo(dossier, email, 'verify-email')).map(({ data }) => data.token!);
    expect((await send(dossier, '/verify', { token: older! })).status).toBe(410);
    now += 7 * 24 * 60 * MINUTE + 1;
    expect((await send(dossier, '/verify', { token: newer! })).status).toBe(410);
    now = Date.now();
    expect((await rowOf(id))!.verifiedAt).toBeNull();
    expect((await send(dossier, '/verify', { token: newer! }, { cookie })).headers.get('location')).toBe(
      '/account?done=address-verified',
    );
    expect((await rowOf(id))!.verifiedAt).not.toBeNull();
  });
});

describe('the sessions', () => {
  test('are listed, this one marked; one ended is out on its very next request', async () => {
    const { id, cookie } = await someone();
    const other = await logIn(dossier, id);
    expect(await inside(other)).toBe(true);
    const page = await open('/account/security', cookie);
    const ends = page.html.querySelectorAll('form[action$="/end"]').map((form) => form.getAttribute('action')!);
    expect([
      page.html.querySelectorAll('[aria-labelledby=sessions] .row').length,
      ends.length,
      said(page, '[aria-labelledby=sessions] .chip'),
    ]).toEqual([2, 1, 'This session']);
    expect((await send(dossier, ends[0]!, {}, { cookie })).headers.get('location')).toBe(
      '/account/security?done=session-ended',
    );
    expect([await inside(other), await inside(cookie)]).toEqual([false, true]);
    expect((await send(dossier, ends[0]!, {}, { cookie })).status).toBe(404);
  });

  test('of another account, of none, and what is no id are not there, and end nothing', async () => {
    const [one, other] = [await someone(), await someone()];
    const [login] = (await rowOf(other.id))!.logins;
    for (const id of [login!.id, NOBODYS, 'x', '%00', `${login!.id}'--`])
      expect([id, (await send(dossier, `/account/sessions/${id}/end`, {}, { cookie: one.cookie })).status]).toEqual([
        id,
        id === '%00' ? 400 : 404,
      ]);
    expect(await inside(other.cookie)).toBe(true);
  });

  test('end all but this one', async () => {
    const { id, cookie } = await someone();
    const others = [await logIn(dossier, id), await logIn(dossier, id)];
    const stranger = await someone();
    expect((await send(dossier, '/account/sessions/end-others', {}, { cookie })).headers.get('location')).toBe(
      '/account/security?done=sessions-ended',
    );
    expect([await inside(cookie), ...(await Promise.all(others.map(inside))), await inside(stranger.cookie)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('an API token', () => {
  const make = (cookie: string, fields: Record<string, string> = {}) =>
    send(dossier, '/account/tokens', { 'token-name': 'my reader', scopes: 'briefings:read', ...fields }, { cookie });

  test('is shown once, kept as a hash, listed by its name, and revoked', async () => {
    const { id, cookie } = await someone();
    const made = await make(cookie);
    const token = said(made, '.secret')!;
    expect([made.status, made.headers.get('cache-control'), token]).toEqual([
      201,
      'private, no-store',
      expect.stringMatching(/^dos_[\w-]{43}$/),
    ]);
    const page = await open('/account/tokens', cookie);
    expect([page.text.includes('my reader'), page.text.includes(token)]).toEqual([true, false]);
    const { apiTokens } = (await rowOf(id))!;
    expect([apiTokens.length, apiTokens[0]!.hash, apiTokens[0]!.scopes]).toEqual([
      1,
      expect.stringMatching(/^[0-9a-f]{64}$/),
      ['briefings:read'],
    ]);
    const revoke = page.html.querySelector('form[action$="/revoke"]')!.getAttribute('action')!;
    const stranger = await someone();
    for (const address of [revoke, `/account/tokens/${NOBODYS}/revoke`, '/account/tokens/x/revoke'])
      expect((await send(dossier, address, {}, { cookie: stranger.cookie })).status).toBe(404);
    expect((await rowOf(id))!.apiTokens[0]!.revokedAt).toBeNull();
    expect((await send(dossier, revoke, {}, { cookie })).headers.get('location')).toBe(
      '/account/tokens?done=token-revoked',
    );
    expect((await rowOf(id))!.apiTokens[0]!.revokedAt).not.toBeNull();
  });

  test('opens the API until it is revoked, the password or the address changes, or the account is deleted: the very next request is refused', async () => {
    const { id, email, cookie } = await someone();
    const fresh = async (using = cookie) => said(await make(using), '.secret')!;
    const opens = async (token: string) => {
      const { status, text } = await visit(`${dossier.url}/api/v1/briefings/a-signal`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      return [status, text.includes('GATED trend text.')];
    };
    const refused = [401, false];
    const revoked = await fresh();
    expect(await opens(revoked)).toEqual([200, true]);
    await send(
      dossier,
      (await open('/account/tokens', cookie)).html.querySelector('form[action$="/revoke"]')!.getAttribute('action')!,
      {},
      { cookie },
    );
    expect(await opens(revoked)).toEqual(refused);

    const before = await fresh();
    expect(await opens(before)).toEqual([200, true]);
    const after = cookiesOf(
      await send(dossier, '/account/password', { current: PASSWORD, 'new-password': NEW }, { cookie }),
    );
    expect(await opens(before)).toEqual(refused);

    const to = anyEmail();
    const beforeMove = await fresh(after);
    expect(await opens(beforeMove)).toEqual([200, true]);
    await send(dossier, '/account/email', { email: to, current: NEW }, { cookie: after });
    await send(dossier, '/verify', { token: await tokenTo(dossier, to, 'email-change') }, { cookie: after });
    expect(await opens(beforeMove)).toEqual(refused);

    const last = await fresh(after);
    expect(await opens(last)).toEqual([200, true]);
    await send(dossier, '/account/delete', { email: to, current: NEW }, { cookie: after });
    expect([await opens(last), await rowOf(id), email === to]).toEqual([refused, null, false]);
  });

  test('needs the password when the login is more than fifteen minutes old, and then not for a while', async () => {
    const { id, cookie } = await someone();
    now += 16 * MINUTE;
    const asked = await make(cookie);
    expect([
      asked.status,
      said(asked, '#current-error') === null,
      asked.html.querySelector('#token-name')!.getAttribute('value'),
    ]).toEqual([422, false, 'my reader']);
    expect((await make(cookie, { current: 'wrong' })).status).toBe(422);
    expect((await rowOf(id))!.apiTokens).toEqual([]);
    expect((await make(cookie, { current: PASSWORD })).status).toBe(201);
    expect((await make(cookie)).status).toBe(201);
  });

  test.each([
    [{ 'token-name': ' ' }, 422],
    [{ 'token-name': 'x'.repeat(61) }, 422],
    [{ 'token-name': 'a\u202eb' }, 422],
    [{ scopes: 'everything' }, 400],
  ])('with %j is not made (%i)', async (fields, status) => {
    const { id, cookie } = await someone();
    expect((await make(cookie, fields)).status).toBe(status);
    expect((await rowOf(id))!.apiTokens).toEqual([]);
  });

  test('that may do nothing is not made', async () => {
    const { cookie } = await someone();
    const page = await send(dossier, '/account/tokens', { 'token-name': 'nothing' }, { cookie });
    expect([page.status, said(page, '#scopes-error') === null]).toEqual([422, false]);
  });

  test('comes at most twenty times, however parallel', async () => {
    const { id, email, cookie } = await someone();
    const answers = await Promise.all(Array.from({ length: 24 }, () => make(cookie)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect((await rowOf(id))!.apiTokens).toHaveLength(20);
    expect(await lettersTo(dossier, email, 'token-made')).toHaveLength(20);
  });
});

describe('an account without a password', () => {
  test('proves itself by a recent login alone', async () => {
    const { id, cookie } = await someone({ passwordHash: null });
    now += 16 * MINUTE;
    expect((await send(dossier, '/account/email', { email: anyEmail(), current: 'anything' }, { cookie })).status).toBe(
      403,
    );
    now -= 16 * MINUTE;
    expect((await send(dossier, '/account/email', { email: anyEmail(), current: '' }, { cookie })).status).toBe(303);
    expect((await rowOf(id))!.links).toHaveLength(1);
  });
});

describe("one's data", () => {
  test('is handed out whole, without a secret or anybody else', async () => {
    const { id, email, cookie } = await someone();
    const other = await someone();
    const token = said(
      await send(dossier, '/account/tokens', { 'token-name': 'my reader', scopes: 'briefings:read' }, { cookie }),
      '.secret',
    )!;
    await send(dossier, '/account/verify', {}, { cookie });
    const letter = await tokenTo(dossier, email, 'verify-email');
    const answer = await send(dossier, '/account/export', {}, { cookie });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=account-\d{4}-\d\d-\d\d\.json$/);
    expect(JSON.parse(answer.text)).toMatchObject({
      profile: { id, email, name: 'A reader' },
      grants: [{ source: 'JOINED' }],
      logins: [{ device: 'a test' }],
      apiTokens: [{ name: 'my reader' }],
      letters: [
        { kind: 'token-made', recipient: email },
        { kind: 'verify-email', recipient: email },
      ],
      links: [{ purpose: 'verify_email' }],
      passkeys: [],
    });
    const row = (await rowOf(id))!;
    for (const secret of [
      token,
      letter,
      row.passwordHash!,
      row.apiTokens[0]!.hash,
      row.links[0]!.hash,
      other.email,
      other.id,
    ])
      expect(answer.text).not.toContain(secret);
  });

  test('is not handed out to whoever finds an open session: an old login is asked for the password', async () => {
    const { id, cookie } = await someone();
    expect((await open('/account/data', cookie)).html.querySelector('#export-current')).toBeNull();
    now += 16 * MINUTE;
    const page = await open('/account/data', cookie);
    expect([
      page.html.querySelector('form[action="/account/export"] #export-current')!.getAttribute('autocomplete'),
      said(page, 'label[for=export-current]'),
    ]).toEqual(['current-password', 'Current password']);
    for (const typed of ['', 'wrong']) {
      const refused = await send(dossier, '/account/export', { 'export-current': typed }, { cookie });
      expect([refused.status, said(refused, '#export-current-error') === null, refused.text.includes(id)]).toEqual([
        422,
        false,
        false,
      ]);
    }
    expect((await send(dossier, '/account/export', { 'export-current': PASSWORD, more: 'x' }, { cookie })).status).toBe(
      400,
    );
    const answer = await send(dossier, '/account/export', { 'export-current': PASSWORD }, { cookie });
    expect([answer.status, (JSON.parse(answer.text) as { profile: { id: string } }).profile.id]).toEqual([200, id]);
    expect((await send(dossier, '/account/export', {}, { cookie })).status).toBe(200);
  });

  test('is deleted with everything that hangs on it: out at once, one last letter', async () => {
    const { id, email, cookie } = await someone();
    const other = await logIn(dossier, id);
    await send(dossier, '/account/verify', {}, { cookie });
    const answer = await send(
      dossier,
      '/account/delete',
      { email: email.toUpperCase(), current: PASSWORD },
      { cookie },
    );
    expect([answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([
      303,
      '/goodbye',
      expect.stringMatching(/^dossier=;.*1970/),
    ]);
    expect([await rowOf(id), await inside(cookie), await inside(other)]).toEqual([null, false, false]);
    expect((await lettersTo(dossier, email)).map(({ kind, accountId }) => [kind, accountId])).toEqual([
      ['account-deleted', null],
    ]);
    expect((await open('/goodbye')).status).toBe(200);
    const login = await send(dossier, '/login', { email, password: PASSWORD });
    expect(login.status).toBe(422);
  });

  test.each([
    ['other@example.org', PASSWORD, '#email-error'],
    ['', PASSWORD, '#email-error'],
    [null, 'wrong', '#current-error'],
    [null, '', '#current-error'],
  ])('is not deleted with %j and %j', async (typed, current, error) => {
    const { id, email, cookie } = await someone();
    const page = await send(dossier, '/account/delete', { email: typed ?? email, current }, { cookie });
    expect([page.status, said(page, error) === null, await inside(cookie)]).toEqual([422, false, true]);
    expect(await rowOf(id)).not.toBeNull();
  });
});
