import { hash, verify } from '@node-rs/argon2';
import { accountsViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { logIn } from '../support/cast';
import { anAccount, anyEmail, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { asSuperuserIn } from '../support/stores/cluster';
import { until } from '../support/until';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());
afterEach(() => jest.restoreAllMocks());

const BRIEFING = '/briefings/a-signal';
const GATED = 'GATED trend text.';
const reads = async (cookie: string) =>
  (await visit(`${dossier.url}${BRIEFING}`, { headers: { Cookie: cookie } })).text.includes(GATED);
const sessionIn = (cookies: string) => /dossier=([^;]+)/.exec(cookies)?.[1];
const logins = (accountId: string) =>
  dossier.wall.read(accountsViewer, (db) => db.login.findMany({ where: { accountId }, orderBy: { createdAt: 'asc' } }));

describe('the right password', () => {
  test('leads back to the passage, logged in', async () => {
    const account = await anAccount(dossier);
    const answer = await send(
      dossier,
      '/login',
      { email: ` ${account.email.toUpperCase()} `, password: PASSWORD, next: `${BRIEFING}#trend` },
      { headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' } },
    );
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${BRIEFING}#trend`]);
    expect(await reads(cookiesOf(answer))).toBe(true);
    expect(await logins(account.id)).toEqual([expect.objectContaining({ device: 'Firefox on Linux', endedAt: null })]);
  });

  test("leaves a session and a device, neither of them a script's to read", async () => {
    const { email } = await anAccount(dossier);
    const set = (await send(dossier, '/login', { email, password: PASSWORD })).headers.getSetCookie();
    expect(set).toHaveLength(2);
    for (const one of set)
      expect(one).toMatch(
        /; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$|; Max-Age=31536000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      );
    const { rows } = await dossier.stores.sessions.query<{ sid: string }>('SELECT sid FROM sessions');
    expect(rows.map(({ sid }) => sid)).not.toContain(sessionIn(set.join(';')));
  });

  test.each([undefined, '', '//evil.example', 'https://evil.example/x', '/\\evil.example', '/login', '/es/logout'])(
    'with next %j leads to the front page of its language',
    async (next) => {
      const { email } = await anAccount(dossier);
      const answer = await send(dossier, '/es/login', {
        email,
        password: PASSWORD,
        ...(next === undefined ? {} : { next }),
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/es']);
    },
  );

  test('gives a new session: the one before is dead, and its login over', async () => {
    const account = await anAccount(dossier);
    const before = cookiesOf(await send(dossier, '/login', { email: account.email, password: PASSWORD }));
    const after = cookiesOf(
      await send(dossier, '/login', { email: account.email, password: PASSWORD }, { cookie: before }),
    );
    expect(sessionIn(after)).not.toBe(sessionIn(before));
    expect([await reads(before), await reads(after)]).toEqual([false, true]);
    expect((await logins(account.id)).map(({ endedAt }) => endedAt === null)).toEqual([false, true]);
  });

  test('takes over nothing that was planted, neither an id nor what its session held', async () => {
    const [attacker, victim] = [await anAccount(dossier), await anAccount(dossier)];
    const planted = await logIn(dossier, attacker.id);
    const after = cookiesOf(
      await send(dossier, '/login', { email: victim.email, password: PASSWORD }, { cookie: planted }),
    );
    expect(sessionIn(after)).not.toBe(sessionIn(planted));
    expect(await reads(planted)).toBe(false);
    expect(await logins(victim.id)).toHaveLength(1);
    const unsigned = cookiesOf(
      await send(
        dossier,
        '/login',
        { email: victim.email, password: PASSWORD },
        { cookie: 'dossier=s%3Aplanted.signature' },
      ),
    );
    expect(unsigned).not.toContain('planted');
  });

  test('with a second factor logs nobody in yet', async () => {
    const account = await anAccount(dossier, { totpConfirmedAt: new Date() });
    const answer = await send(dossier, '/es/login', { email: account.email, password: PASSWORD, next: BRIEFING });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/es/login/second-factor']);
    expect(await reads(cookiesOf(answer))).toBe(false);
    expect(await logins(account.id)).toEqual([]);
    const { rows } = await dossier.stores.sessions.query<{ sess: object }>(
      'SELECT sess FROM sessions WHERE sess::text LIKE $1',
      [`%${account.id}%`],
    );
    expect(rows).toEqual([
      {
        sess: {
          cookie: expect.anything(),
          pending: {
            accountId: account.id,
            next: BRIEFING,
            at: expect.any(Number),
            mark: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          },
        },
      },
    ]);
  });

  test('in a session just begun is known in every process at once', async () => {
    const account = await anAccount(dossier);
    const first = cookiesOf(await send(dossier, '/login', { email: account.email, password: PASSWORD }));
    expect(await reads(first)).toBe(true);
    const more = await Promise.all(
      Array.from({ length: 8 }, () => send(dossier, '/login', { email: account.email, password: PASSWORD })),
    );
    expect(await Promise.all(more.map((one) => reads(cookiesOf(one))))).toEqual(more.map(() => true));
  });
});

describe('one password from every keyboard', () => {
  const COMPOSED = 'Ma\u00f1ana ser\u00e1 otro d\u00eda';
  const DECOMPOSED = COMPOSED.normalize('NFD');
  const statusOf = async (path: string, fields: Readonly<Record<string, string>>, cookie?: string) =>
    (await send(dossier, path, fields, cookie === undefined ? {} : { cookie })).status;
  const rowOf = (email: string) =>
    dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { email } }));

  test.each([
    [COMPOSED, DECOMPOSED],
    [DECOMPOSED, COMPOSED],
  ])('%j opens at every door what %j closed', async (one, other) => {
    const email = anyEmail();
    const joined = await send(dossier, '/join/strategy-circle', { name: 'Ana', email, password: one });
    expect(joined.status).toBe(303);
    const cookie = cookiesOf(joined);
    expect(await statusOf('/login', { email, password: other })).toBe(303);
    expect(await statusOf('/account/email', { email: anyEmail(), current: other }, cookie)).toBe(303);
    const next = (form: 'NFC' | 'NFD') => `otra ma\u00f1ana m\u00e1s larga`.normalize(form);
    expect(await statusOf('/account/password', { current: other, 'new-password': next('NFD') }, cookie)).toBe(303);
    expect([
      await statusOf('/login', { email, password: next('NFC') }),
      await statusOf('/login', { email, password: one }),
    ]).toEqual([303, 422]);
  });

  test.each(['NFC', 'NFD'] as const)(
    'an older hash, of %s as a keyboard sent it, goes on working, and is renewed once',
    async (form) => {
      const { email, id } = await anAccount(dossier, { passwordHash: await hash(COMPOSED.normalize(form)) });
      const statuses = await Promise.all(
        [COMPOSED, DECOMPOSED, COMPOSED, DECOMPOSED].map((password) => statusOf('/login', { email, password })),
      );
      expect(statuses).toEqual([303, 303, 303, 303]);
      expect(await verify((await rowOf(email)).passwordHash!, COMPOSED)).toBe(true);
      expect((await logins(id)).map(({ endedAt }) => endedAt)).toEqual([null, null, null, null]);
    },
  );

  test('an older hash of spaces that do not break is renewed where a password is asked for again', async () => {
    const typed = COMPOSED.replaceAll(' ', '\u00a0');
    const { email, id } = await anAccount(dossier, { passwordHash: await hash(typed) });
    const cookie = await logIn(dossier, id);
    expect(await statusOf('/account/email', { email: anyEmail(), current: typed }, cookie)).toBe(303);
    expect(await statusOf('/login', { email, password: COMPOSED })).toBe(303);
  });
});

test('nobody can tell an address with an account from one without, nor why a password is refused', async () => {
  const suspended = await anAccount(dossier, { state: 'suspended' });
  const cases: [string, string][] = [
    [anyEmail(), PASSWORD],
    [(await anAccount(dossier)).email, 'not the password at all'],
    [suspended.email, PASSWORD],
    [suspended.email, 'not the password at all'],
    [(await anAccount(dossier, { passwordHash: null })).email, PASSWORD],
    [(await anAccount(dossier, { totpConfirmedAt: new Date() })).email, 'not the password at all'],
  ];
  const answers = await Promise.all(
    cases.map(async ([email, password]) => {
      const { status, headers, text } = await send(dossier, '/login', { email, password, next: BRIEFING });
      return {
        status,
        headers: [...headers].filter(([name]) => name !== 'date'),
        text: text.replaceAll(email, 'THE ADDRESS'),
      };
    }),
  );
  expect(answers[0]!.status).toBe(422);
  expect(answers[0]!.headers.map(([name]) => name)).not.toContain('set-cookie');
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('a refusal keeps what was typed but the password, and says what is wrong to eyes and ears', async () => {
  const page = await send(dossier, '/es/login', {
    email: 'Somebody@Example.org',
    password: 'not the password',
    next: BRIEFING,
  });
  expect(page.status).toBe(422);
  expect(page.html.querySelector('#email')!.getAttribute('value')).toBe('Somebody@Example.org');
  expect(page.html.querySelector('#password')!.getAttribute('value')).toBe('');
  expect(page.text).not.toContain('not the password');
  expect(page.html.querySelector('input[name=next]')!.getAttribute('value')).toBe(BRIEFING);
  expect(said(page, '#form-error[role=alert]')).toMatch(/no se corresponden/);
  for (const id of ['email', 'password'])
    expect([
      page.html.querySelector(`#${id}`)!.getAttribute('aria-invalid'),
      page.html.querySelector(`#${id}`)!.getAttribute('aria-describedby'),
    ]).toEqual(['true', 'form-error']);
  expect(page.html.querySelectorAll('[autofocus]').map((one) => one.id)).toEqual(['password']);
});

test.each([
  [{ email: '', password: PASSWORD }, 'email'],
  [{ email: 'no address', password: PASSWORD }, 'email'],
  [{ email: 'a@b', password: PASSWORD }, 'email'],
  [{ email: `${'a'.repeat(250)}@b.example`, password: PASSWORD }, 'email'],
  [{ email: 'a@b.example\u0000', password: PASSWORD }, 'email'],
  [{ email: 'a@b.example', password: '' }, 'password'],
])('%j is wrong in %s, and said beside it', async (fields, wrong) => {
  const page = await send(dossier, '/login', fields);
  expect(page.status).toBe(422);
  expect(page.html.querySelectorAll('.form .field-error').map(({ id }) => id)).toEqual([`${wrong}-error`]);
  expect(page.html.querySelector(`#${wrong}`)!.getAttribute('aria-describedby')).toBe(`${wrong}-error`);
  expect(page.html.querySelector('[autofocus]')!.id).toBe(wrong);
});

describe('what no browser sends from our form', () => {
  const good = `email=a%40b.example&password=${encodeURIComponent(PASSWORD)}`;
  test.each<[string, string, string, number]>([
    ['credentials in the address', `/login?${good}`, good, 400],
    ['credentials in the address alone', `/login?${good}`, '', 400],
    ['one of them in the address', '/login?password=x', good, 400],
    ['a field twice', '/login', `${good}&email=c%40d.example`, 400],
    ['a field as a list', '/login', 'email[]=a%40b.example&password=x', 400],
    ['a field as an object', '/login', 'email[startsWith]=a&password=x', 400],
    ['a field too many', '/login', `${good}&role=admin`, 400],
    ['a field too few', '/login', 'email=a%40b.example', 400],
    ['nothing', '/login', '', 400],
    ['a thousand fields', '/login', Array.from({ length: 1_000 }, (_, index) => `f${index}=x`).join('&'), 413],
    ['a password of a megabyte', '/login', `email=a%40b.example&password=${'x'.repeat(1_000_000)}`, 413],
    [
      'a name of a megabyte',
      '/join/strategy-circle',
      `email=a%40b.example&password=x&name=${'x'.repeat(1_000_000)}`,
      413,
    ],
    ['credentials in the address of joining', `/join/strategy-circle?${good}`, good, 400],
    ['an object at joining', '/join/strategy-circle', `${good}&name[a]=b`, 400],
    ['a role at joining', '/join/strategy-circle', `${good}&name=x&role=admin`, 400],
  ])('%s is refused', async (_what, path, body, status) => {
    const page = await send(dossier, path, body);
    expect([page.status, page.headers.get('set-cookie')]).toEqual([status, null]);
    expect(page.text).not.toContain(PASSWORD);
  });

  test('a body of another kind is refused', async () => {
    for (const [type, body] of [
      ['application/json', JSON.stringify({ email: 'a@b.example', password: PASSWORD })],
      ['text/plain', good],
      ['multipart/form-data; boundary=x', '--x--'],
    ] as const) {
      expect([type, (await send(dossier, '/login', body, { headers: { 'Content-Type': type } })).status]).toEqual([
        type,
        400,
      ]);
    }
  });

  test.each(['/login', '/join/strategy-circle', '/logout', '/es/login', '/es/logout'])(
    'POST %s from another origin is refused',
    async (path) => {
      const { email } = await anAccount(dossier);
      for (const headers of [
        { Origin: 'https://evil.example' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'null' },
      ]) {
        const page = await send(
          dossier,
          path,
          { email, password: PASSWORD, ...(path.includes('join') ? { name: 'x' } : {}) },
          { headers },
        );
        expect([path, page.status, page.headers.get('set-cookie')]).toEqual([path, 403, null]);
      }
    },
  );
});

describe('whoever is inside', () => {
  test.each(['/login', '/join/strategy-circle', '/es/login'])('and opens %s is shown on', async (path) => {
    const cookie = await logIn(dossier, (await anAccount(dossier)).id);
    const page = (next: string) =>
      visit(`${dossier.url}${path}?next=${encodeURIComponent(next)}`, { headers: { Cookie: cookie } });
    expect((await page(`${BRIEFING}#trend`)).headers.get('location')).toBe(`${BRIEFING}#trend`);
    expect((await page('//evil.example')).headers.get('location')).toBe(path.startsWith('/es') ? '/es' : '/');
  });

  test('finds the way out on every page, and is out', async () => {
    const account = await anAccount(dossier);
    const cookie = cookiesOf(await send(dossier, '/login', { email: account.email, password: PASSWORD }));
    const page = await visit(`${dossier.url}${BRIEFING}`, { headers: { Cookie: cookie } });
    const action = page.html.querySelector('.top form[method=post]')!.getAttribute('action')!;
    const out = await send(dossier, action, {}, { cookie });
    expect([out.status, out.headers.get('location'), out.headers.get('clear-site-data')]).toEqual([
      303,
      '/',
      '"cache", "storage"',
    ]);
    expect(out.headers.getSetCookie()).toEqual([expect.stringMatching(/^dossier=; .*1970/)]);
    expect(await reads(cookie)).toBe(false);
    expect((await logins(account.id))[0]!.endedAt).not.toBeNull();
  });
});

test("logging out is a visitor's too, and never a link's", async () => {
  expect((await send(dossier, '/es/logout', {})).headers.get('location')).toBe('/es');
  const page = await visit(`${dossier.url}/logout`);
  expect([page.status, page.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await visit(`${dossier.url}${BRIEFING}`)).html.querySelector('.top form[method=post]')).toBeNull();
});

test('a login that ends here, or under another one, is over here before anybody is told of it', async () => {
  const triggers = (how: 'ENABLE' | 'DISABLE') =>
    asSuperuserIn(dossier.urls.superuser, (client) => client.query(`ALTER TABLE logins ${how} TRIGGER USER`));
  const { email } = await anAccount(dossier);
  const enter = async (cookie = '') =>
    cookiesOf(await send(dossier, '/login', { email, password: PASSWORD }, cookie ? { cookie } : {}));
  await triggers('DISABLE');
  try {
    const first = await enter();
    expect([await reads(first), await reads(first)]).toEqual([true, true]);
    const second = await enter(first);
    expect([await reads(first), await reads(second)]).toEqual([false, true]);
    expect((await send(dossier, '/logout', {}, { cookie: second })).status).toBe(303);
    expect(await reads(second)).toBe(false);
  } finally {
    await triggers('ENABLE');
  }
});

describe('while something is down, nobody is let in, and is told so', () => {
  const isDown = (page: Page) => {
    expect([page.status, page.headers.get('set-cookie')]).toEqual([503, null]);
    expect(page.headers.get('retry-after')).not.toBeNull();
    expect(said(page, 'h1')).toMatch(/cannot be shown/);
  };

  test('the session store', async () => {
    const account = await anAccount(dossier);
    const cookie = await logIn(dossier, account.id);
    const attempt = (more = {}) => send(dossier, '/login', { email: account.email, password: PASSWORD }, more);
    jest
      .spyOn(dossier.sessionStore, 'set')
      .mockImplementation((_id, _data, answer) => answer?.(new Error('Connection is closed.')));
    isDown(await attempt());
    jest
      .spyOn(dossier.sessionStore, 'get')
      .mockImplementation((_id, answer) => answer(new Error('Connection is closed.')));
    isDown(await attempt({ cookie }));
    expect((await logins(account.id)).filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
  });

  test('Postgres', async () => {
    const { email } = await anAccount(dossier);
    jest
      .spyOn(dossier.wall, 'read')
      .mockRejectedValue(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    isDown(await send(dossier, '/login', { email, password: PASSWORD }));
    jest
      .spyOn(dossier.wall, 'write')
      .mockRejectedValue(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    isDown(await send(dossier, '/join/strategy-circle', { name: 'x', email: anyEmail(), password: PASSWORD }));
  });
});

test('no password is ever logged', async () => {
  await until(() => dossier.logged.length > 0);
  expect(JSON.stringify(dossier.logged)).not.toContain(PASSWORD);
});
