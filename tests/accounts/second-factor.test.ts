import { Secret, TOTP } from 'otpauth';
import { accountsViewer } from '../../src/access/viewer';
import { hashOfToken } from '../../src/accounts/credentials/link-tokens';
import { openSecretSealer, resealSecrets } from '../../src/accounts/second-factor/secret';
import { consumeCode } from '../../src/accounts/second-factor/consume-code';
import { original } from '../support/briefing';
import { enter, logIn, tokenFor } from '../support/cast';
import { anAccount, cookiesOf, PASSWORD, send } from '../support/door';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { lettersTo } from '../support/letters';
import { movingClock } from '../support/billing/moving-clock';
import { said, visit, type Page } from '../support/page';
import { until } from '../support/until';

const clock = movingClock();
let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1, clock });
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());
// Each test begins with a step of time, and has those before and after to itself.
beforeEach(() => clock.move(4 * STEP - ((clock.now().getTime() - 1_000) % STEP)));

const STEP = 30_000;
const MINUTE = 60_000;
const SECTION = '/account/second-factor';
const BRIEFING = '/briefings/a-signal';

const secrets = openSecretSealer([SESSION_SECRET]);
const codeOf = (secret: string, away = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() + away });
const get = (cookie: string, path = SECTION) => visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });
const reads = async (cookie: string) => (await get(cookie, BRIEFING)).text.includes('GATED trend text.');
const rowOf = (id: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({
      where: { id },
      include: { recoveryCodes: true, logins: true, letters: true, apiTokens: true },
    }),
  );
const secretIn = (page: Page) => said(page, '.secret code')!.replace(/\s/g, '');
const codesIn = (page: Page) => page.html.querySelectorAll('.secret-list code').map(({ text }) => text);

/** Sets the second factor of an account up through the pages. */
async function setUp(id: string) {
  const before = await logIn(dossier, id, clock.now().getTime());
  const asked = await send(dossier, `${SECTION}/start`, { current: PASSWORD }, { cookie: before });
  const secret = secretIn(asked);
  const made = await send(dossier, `${SECTION}/confirm`, { code: codeOf(secret) }, { cookie: cookiesOf(asked) });
  return { secret, before, asked, made, cookie: cookiesOf(made), codes: codesIn(made) };
}

/** An account whose second factor is on, and whose last step of time is over. */
async function withFactor() {
  const account = await anAccount(dossier);
  const on = await setUp(account.id);
  clock.move(2 * STEP);
  return { ...account, ...on };
}

/** The first step of logging in. */
async function pending(email: string, next = BRIEFING): Promise<string> {
  return cookiesOf(await send(dossier, '/login', { email, password: PASSWORD, next }));
}

const second = (cookie: string, code: string, path = '/login/second-factor') =>
  send(dossier, path, { code }, { cookie });

describe('setting it up', () => {
  test('shows the secret once, as text and as a picture, and asks for a code', async () => {
    const { id, email } = await anAccount(dossier);
    const { asked, secret, before } = await setUp(id);
    expect(asked.status).toBe(200);
    expect(asked.headers.get('cache-control')).toBe('private, no-store');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(asked.html.querySelector('svg.qr path + path')!.getAttribute('d')!.length).toBeGreaterThan(2_000);
    expect(asked.text).not.toMatch(/ style=/);
    expect(decodeURIComponent(asked.html.querySelector('a[href^="otpauth:"]')!.getAttribute('href')!)).toContain(
      `otpauth://totp/Dossier:${email}`,
    );
    expect((await get(before)).status).toBe(303);
    expect((await get(cookiesOf(asked))).text).not.toContain(secret);
  });

  test('is on after a code of it, with ten recovery codes shown once and kept as hashes', async () => {
    const { id } = await anAccount(dossier);
    const { made, codes, cookie, secret } = await setUp(id);
    expect(made.status).toBe(201);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}$/);
    const row = await rowOf(id);
    expect([secrets.open(row.totpSecret!, id), row.totpConfirmedAt !== null, row.recoveryCodes.length]).toEqual([
      secret,
      true,
      10,
    ]);
    for (const { hash } of row.recoveryCodes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const page = await get(cookie);
    expect(page.text).toContain('10 recovery codes left');
    for (const code of codes) expect(page.text).not.toContain(code);
  });

  test('ends every other login and token, keeps this one under a new id, and tells the owner', async () => {
    const { id, email } = await anAccount(dossier);
    const other = await logIn(dossier, id, clock.now().getTime());
    await tokenFor(dossier, id);
    expect(await reads(other)).toBe(true);
    const { cookie, asked } = await setUp(id);
    expect([await reads(other), await reads(cookie), await reads(cookiesOf(asked))]).toEqual([false, true, false]);
    const row = await rowOf(id);
    expect(row.letters.map(({ kind, recipient }) => [kind, recipient])).toEqual([['second-factor-changed', email]]);
    expect(row.apiTokens.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'Please write your current password.'],
    ['a wrong password', 'not the password', 'This is not your current password.'],
  ])('needs the current password: %s is refused', async (_what, current, sentence) => {
    const { id } = await anAccount(dossier);
    const page = await send(
      dossier,
      `${SECTION}/start`,
      { current },
      { cookie: await logIn(dossier, id, clock.now().getTime()) },
    );
    expect([page.status, said(page, '#current-error'), page.html.querySelector('.secret')]).toEqual([
      422,
      sentence,
      null,
    ]);
  });

  test.each(['', '12345', '1234567', 'abcdef', '000000\u0000', '١٢٣٤٥٦'])(
    'the code %j confirms nothing',
    async (code) => {
      const { id } = await anAccount(dossier);
      const asked = await send(
        dossier,
        `${SECTION}/start`,
        { current: PASSWORD },
        { cookie: await logIn(dossier, id, clock.now().getTime()) },
      );
      const page = await send(dossier, `${SECTION}/confirm`, { code }, { cookie: cookiesOf(asked) });
      expect([page.status, page.html.querySelectorAll('.field-error').map((one) => one.id)]).toEqual([
        422,
        ['code-error'],
      ]);
      expect(secretIn(page)).toBe(secretIn(asked));
      expect((await rowOf(id)).totpConfirmedAt).toBeNull();
    },
  );

  test('waits a quarter of an hour for its code, in the session that asked, and no other', async () => {
    const { id } = await anAccount(dossier);
    const asked = await send(
      dossier,
      `${SECTION}/start`,
      { current: PASSWORD },
      { cookie: await logIn(dossier, id, clock.now().getTime()) },
    );
    const elsewhere = await logIn(dossier, id, clock.now().getTime());
    expect(
      (await send(dossier, `${SECTION}/confirm`, { code: codeOf(secretIn(asked)) }, { cookie: elsewhere })).headers.get(
        'location',
      ),
    ).toBe(SECTION);
    clock.move(15 * MINUTE);
    expect(
      (
        await send(dossier, `${SECTION}/confirm`, { code: codeOf(secretIn(asked)) }, { cookie: cookiesOf(asked) })
      ).headers.get('location'),
    ).toBe(SECTION);
    expect((await rowOf(id)).totpConfirmedAt).toBeNull();
  });

  test('happens once: a second time changes nothing', async () => {
    const { id, cookie, secret } = await withFactor();
    expect((await send(dossier, `${SECTION}/start`, { current: PASSWORD }, { cookie })).headers.get('location')).toBe(
      SECTION,
    );
    expect(secrets.open((await rowOf(id)).totpSecret!, id)).toBe(secret);
  });
});

describe('logging in', () => {
  test.each([
    ['of now', 0],
    ['of the step before', -STEP],
    ['of the step to come', STEP],
  ])('takes a code %s, and leads on', async (_what, away) => {
    const { email, secret } = await withFactor();
    const cookie = await pending(email);
    const page = await get(cookie, '/login/second-factor');
    expect([
      page.status,
      page.headers.get('cache-control'),
      page.html.querySelector('#code')!.getAttribute('autocomplete'),
    ]).toEqual([200, 'private, no-store', 'one-time-code']);
    expect(await reads(cookie)).toBe(false);
    const answer = await second(cookie, codeOf(secret, away));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, BRIEFING]);
    expect([await reads(cookiesOf(answer)), await reads(cookie)]).toEqual([true, false]);
  });

  test('takes a code with spaces, in Spanish too', async () => {
    const { email, secret } = await withFactor();
    const first = await send(dossier, '/es/login', { email, password: PASSWORD });
    expect(first.headers.get('location')).toBe('/es/login/second-factor');
    expect(said(await get(cookiesOf(first), '/es/login/second-factor'), 'h1')).toBe('Un paso más');
    const answer = await second(cookiesOf(first), codeOf(secret).replace(/^.../, '$& '), '/es/login/second-factor');
    expect(answer.headers.get('location')).toBe('/es');
  });

  test.each([
    ['two steps old', -2 * STEP],
    ['two steps ahead', 2 * STEP],
  ])('refuses a code %s', async (_what, away) => {
    const { email, secret } = await withFactor();
    const cookie = await pending(email);
    const page = await second(cookie, codeOf(secret, away));
    expect([page.status, said(page, '#code-error')]).toEqual([
      422,
      'This code is not right, or was used already. Please wait for the next one.',
    ]);
    expect(await reads(cookie)).toBe(false);
  });

  test('takes no code twice, nor one older than the last', async () => {
    const { email, secret } = await withFactor();
    expect((await second(await pending(email), codeOf(secret))).status).toBe(303);
    expect((await second(await pending(email), codeOf(secret))).status).toBe(422);
    expect((await second(await pending(email), codeOf(secret, -STEP))).status).toBe(422);
    expect((await second(await pending(email), codeOf(secret, STEP))).status).toBe(303);
  });

  test('refuses the code that turned it on', async () => {
    const { email } = await anAccount(dossier);
    const { id } = await dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { email } }));
    const { secret } = await setUp(id);
    expect((await second(await pending(email), codeOf(secret))).status).toBe(422);
  });

  test('refuses the code of another account, and one that nobody has', async () => {
    const [one, other] = [await withFactor(), await withFactor()];
    const cookie = await pending(one.email);
    for (const code of [codeOf(other.secret), other.codes[0]!, 'AAAA-AAAA-AAAA-AAAA', '<script>', ' '])
      expect((await second(cookie, code)).status).toBe(422);
    expect((await rowOf(other.id)).recoveryCodes.every(({ usedAt }) => usedAt === null)).toBe(true);
  });

  test('takes a recovery code once, however it is typed', async () => {
    const { email, codes } = await withFactor();
    expect((await second(await pending(email), codes[0]!.toLowerCase().replaceAll('-', ' '))).status).toBe(303);
    expect((await second(await pending(email), codes[0]!)).status).toBe(422);
    expect((await second(await pending(email), codes[1]!)).status).toBe(303);
  });

  test.each([
    ['in small letters, with spaces', (code: string) => code.toLowerCase().replaceAll('-', ' ')],
    ['without a separator', (code: string) => code.replaceAll('-', '')],
    ['with long dashes', (code: string) => ` ${code.replaceAll('-', '–')} `],
  ])('takes a recovery code typed %s', async (_how, typed) => {
    const { email, codes } = await withFactor();
    expect((await second(await pending(email), typed(codes[0]!))).status).toBe(303);
  });

  test('takes a recovery code of the shorter kind that was made before', async () => {
    const { id, email } = await withFactor();
    await dossier.wall.write(accountsViewer, (db) =>
      db.recoveryCode.create({ data: { accountId: id, hash: hashOfToken('ABCDEFGHIJKLMNOP') } }),
    );
    expect((await second(await pending(email), 'abcd-efgh-ijkl-mnop')).status).toBe(303);
    expect((await second(await pending(email), 'abcd-efgh-ijkl-mnop')).status).toBe(422);
  });

  test('tells the owner that a recovery code let somebody in, and not of a code of the app', async () => {
    const { email, codes, secret } = await withFactor();
    const told = async () => (await lettersTo(dossier, email, 'recovery-code-used')).length;
    expect((await second(await pending(email), codeOf(secret))).status).toBe(303);
    expect(await told()).toBe(0);
    expect((await second(await pending(email), codes[0]!)).status).toBe(303);
    expect((await second(await pending(email), codes[0]!)).status).toBe(422);
    expect(await told()).toBe(1);
  });

  test('of twenty who come with one recovery code, or one code of the app, lets one in', async () => {
    for (const kind of ['recovery', 'app']) {
      const { id, email, codes, secret } = await withFactor();
      const code = kind === 'app' ? codeOf(secret) : codes[0]!;
      const sessions = [];
      for (let index = 0; index < 20; index++) sessions.push(await pending(email));
      const answers = await Promise.all(sessions.map((cookie) => second(cookie, code)));
      expect([kind, answers.filter(({ status }) => status === 303).length]).toEqual([kind, 1]);
      const again = kind === 'app' ? codeOf(secret, STEP) : codes[1]!;
      const spent = await Promise.all(
        Array.from({ length: 20 }, () =>
          dossier.wall.write(accountsViewer, (db) => consumeCode(db, secrets, id, again, clock.now())),
        ),
      );
      expect(spent.filter(Boolean)).toHaveLength(1);
    }
  });

  test('after five wrong codes asks to wait, and says how long, even for the right one', async () => {
    const { email, secret } = await withFactor();
    const cookie = await pending(email);
    for (let index = 0; index < 5; index++) expect((await second(cookie, '000000')).status).toBe(422);
    const page = await second(await pending(email), codeOf(secret));
    expect([page.status, Number(page.headers.get('retry-after')) > 0, said(page, '[role=alert]')]).toEqual([
      429,
      true,
      expect.stringMatching(/Too many attempts/),
    ]);
  });

  test('forgets who was waiting after ten minutes', async () => {
    const { id, email, secret } = await withFactor();
    const cookie = await pending(email);
    clock.move(10 * MINUTE);
    for (const page of [await get(cookie, '/login/second-factor'), await second(cookie, codeOf(secret))])
      expect([page.status, page.headers.get('location')]).toEqual([303, '/login']);
    expect((await rowOf(id)).logins.filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
  });

  test('lets nobody in who was suspended meanwhile', async () => {
    const { id, email, secret } = await withFactor();
    const cookie = await pending(email);
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { state: 'suspended' } }),
    );
    const answer = await second(cookie, codeOf(secret));
    expect([answer.status, answer.headers.get('location'), await reads(cookiesOf(answer))]).toEqual([
      303,
      '/login',
      false,
    ]);
  });

  test('lets nobody in with a password that was changed meanwhile, nor spends their code', async () => {
    const { id, email, secret, cookie: own } = await withFactor();
    const cookie = await pending(email);
    expect(
      (
        await send(
          dossier,
          '/account/password',
          { current: PASSWORD, 'new-password': 'seven lanterns on the quay' },
          { cookie: own },
        )
      ).headers.get('location'),
    ).toContain('done=password-changed');
    const answer = await second(cookie, codeOf(secret));
    expect([answer.status, answer.headers.get('location'), await reads(cookiesOf(answer))]).toEqual([
      303,
      '/login',
      false,
    ]);
    expect((await rowOf(id)).logins.filter(({ endedAt }) => endedAt === null)).toHaveLength(1);
    const again = cookiesOf(await send(dossier, '/login', { email, password: 'seven lanterns on the quay' }));
    expect((await second(again, codeOf(secret))).status).toBe(303);
  });

  test('is not there for visitors, nor for whoever is logged in', async () => {
    const { id } = await anAccount(dossier);
    for (const cookie of ['', await logIn(dossier, id, clock.now().getTime())]) {
      for (const page of [await get(cookie, '/login/second-factor'), await second(cookie, '123456')])
        expect([page.status, page.headers.get('location')]).toEqual([303, '/login']);
    }
  });
});

describe('turned off', () => {
  test('with the password and a code: the password alone logs in again, and every other login is over', async () => {
    const { id, email, cookie, secret } = await withFactor();
    const other = await logIn(dossier, id, clock.now().getTime());
    const answer = await send(dossier, `${SECTION}/off`, { current: PASSWORD, code: codeOf(secret) }, { cookie });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${SECTION}?done=off`]);
    expect([await reads(other), await reads(cookie), await reads(cookiesOf(answer))]).toEqual([false, false, true]);
    const row = await rowOf(id);
    expect([row.totpSecret, row.totpConfirmedAt, row.totpLastStep, row.recoveryCodes, row.letters.length]).toEqual([
      null,
      null,
      null,
      [],
      2,
    ]);
    expect((await send(dossier, '/login', { email, password: PASSWORD })).headers.get('location')).toBe('/');
    expect(said(await get(cookiesOf(answer), `${SECTION}?done=off`), '.done')).toMatch(/second factor is off/);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['without a code', { current: PASSWORD, code: '' }, ['code-error']],
    ['with a wrong code', { current: PASSWORD, code: '000000' }, ['code-error']],
    ['without the password', { current: '', code: 'CODE' }, ['current-error']],
    ['with a wrong password', { current: 'not the password', code: 'CODE' }, ['current-error']],
    ['with neither', { current: '', code: '' }, ['code-error', 'current-error']],
  ])('it is not %s, and no recovery codes are made', async (_what, fields, errors) => {
    const { id, cookie, secret } = await withFactor();
    for (const action of ['off', 'codes']) {
      const page = await send(
        dossier,
        `${SECTION}/${action}`,
        { ...fields, code: fields['code'] === 'CODE' ? codeOf(secret) : fields['code']! },
        { cookie },
      );
      expect([
        action,
        page.status,
        page.html
          .querySelectorAll('.field-error')
          .map((one) => one.id)
          .filter(Boolean)
          .sort(),
      ]).toEqual([action, 422, errors]);
    }
    expect((await rowOf(id)).totpConfirmedAt).not.toBeNull();
  });

  test('twice at once it is turned off once', async () => {
    const { id, cookie, codes } = await withFactor();
    await Promise.all(
      [codes[0]!, codes[0]!].map((code) => send(dossier, `${SECTION}/off`, { current: PASSWORD, code }, { cookie })),
    );
    expect((await rowOf(id)).letters).toHaveLength(2);
  });
});

test('new recovery codes take the place of the old ones', async () => {
  const { email, cookie, secret, codes } = await withFactor();
  const page = await send(dossier, `${SECTION}/codes`, { current: PASSWORD, code: codeOf(secret) }, { cookie });
  expect([page.status, codesIn(page).length]).toEqual([201, 10]);
  expect((await second(await pending(email), codes[0]!)).status).toBe(422);
  expect((await second(await pending(email), codesIn(page)[0]!)).status).toBe(303);
});

test('with codes no more than five are tried in these sections either', async () => {
  const { cookie, secret } = await withFactor();
  for (let index = 0; index < 5; index++)
    expect((await send(dossier, `${SECTION}/off`, { current: PASSWORD, code: '000000' }, { cookie })).status).toBe(422);
  expect((await send(dossier, `${SECTION}/off`, { current: PASSWORD, code: codeOf(secret) }, { cookie })).status).toBe(
    429,
  );
});

describe('nobody else gets in', () => {
  const WAYS = [
    ['start', { current: PASSWORD }],
    ['confirm', { code: '123456' }],
    ['codes', { code: '123456', current: PASSWORD }],
    ['off', { code: '123456', current: PASSWORD }],
  ] as const;

  test('a visitor is shown the way in', async () => {
    expect((await visit(`${dossier.url}${SECTION}`)).headers.get('location')).toBe(
      '/login?next=%2Faccount%2Fsecond-factor',
    );
    for (const [way, fields] of WAYS)
      expect((await send(dossier, `${SECTION}/${way}`, fields)).headers.get('location')).toBe('/login?next=%2Faccount');
  });

  test('whoever is halfway in is a visitor', async () => {
    const { id, email } = await withFactor();
    const cookie = await pending(email);
    for (const [way, fields] of WAYS)
      expect((await send(dossier, `${SECTION}/${way}`, fields, { cookie })).headers.get('location')).toBe(
        '/login?next=%2Faccount',
      );
    expect((await rowOf(id)).totpConfirmedAt).not.toBeNull();
  });

  test('another origin is refused', async () => {
    const { cookie } = await withFactor();
    for (const [way, fields] of [
      ...WAYS.map(([one, body]) => [`${SECTION}/${one}`, body] as const),
      ['/login/second-factor', { code: '123456' }] as const,
    ]) {
      for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }])
        expect([way, (await send(dossier, way, fields, { cookie, headers })).status]).toEqual([way, 403]);
    }
  });

  test.each(['', 'code=1&code=2', 'code[]=1', 'code=123456&role=admin', `code=${'1'.repeat(300)}`])(
    'the body %j is none of these forms',
    async (body) => {
      const { email, cookie } = await withFactor();
      for (const [path, by] of [
        ['/login/second-factor', await pending(email)],
        [`${SECTION}/confirm`, cookie],
        [`${SECTION}/off`, cookie],
      ] as const)
        expect([path, (await send(dossier, path, body, { cookie: by })).status]).toEqual([path, 400]);
    },
  );
});

describe('staff', () => {
  test('read no further than their grants until they have a second factor, and everything on the next request', async () => {
    const account = await anAccount(dossier);
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id: account.id }, data: { role: 'editor' } }),
    );
    const cookie = await logIn(dossier, account.id, clock.now().getTime());
    const opened = async (by: string) => {
      const { text } = await get(by, BRIEFING);
      return ['GATED trend text.', 'GATED evidence text.'].map((one) => text.includes(one));
    };
    expect(await opened(cookie)).toEqual([true, false]);
    const section = await get(cookie, '/account');
    expect(said(section, '.warning')).toMatch(/You were made an editor\. This takes effect once/);
    expect(section.html.querySelector('.warning a')!.getAttribute('href')).toBe(SECTION);

    const on = await setUp(account.id);
    expect(await opened(on.cookie)).toEqual([true, true]);
    expect((await get(on.cookie, '/account')).html.querySelector('.warning a')).toBeNull();

    clock.move(2 * STEP);
    const off = await send(
      dossier,
      `${SECTION}/off`,
      { current: PASSWORD, code: codeOf(on.secret) },
      { cookie: on.cookie },
    );
    expect(await opened(cookiesOf(off))).toEqual([true, false]);
  });

  test.each(['editor', 'admin'] as const)(
    'of the cast: %s reads everything, and without the second factor nothing',
    async (name) => {
      const who = await enter(dossier, name);
      const opened = async () => (await get(who.headers['Cookie']!, BRIEFING)).text.includes('GATED evidence text.');
      expect(await opened()).toBe(true);
      const second = await startDossier({ on: dossier.urls, clock });
      const there = async () =>
        (await visit(`${second.url}${BRIEFING}`, { headers: who.headers })).text.includes('GATED evidence text.');
      expect(await there()).toBe(true);
      await dossier.wall.write(accountsViewer, (db) =>
        db.account.update({ where: { id: who.id! }, data: { totpConfirmedAt: null } }),
      );
      await until(async () => !(await opened()) && !(await there()), 1_000);
      await second.stop();
    },
  );

  test('without a second factor are no staff to the API either', async () => {
    const account = await anAccount(dossier);
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id: account.id }, data: { role: 'admin' } }),
    );
    const token = await tokenFor(dossier, account.id);
    const answer = await fetch(`${dossier.url}/api/v1/briefings/a-signal`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    expect([answer.status, text.includes('GATED trend text.'), text.includes('GATED evidence text.')]).toEqual([
      200,
      true,
      false,
    ]);
  });
});

describe('the secret', () => {
  const kept = async (id: string) => (await rowOf(id)).totpSecret!;
  const keep = (id: string, totpSecret: string) =>
    dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { totpSecret } }));
  const older = openSecretSealer(['the secret before this one, which was long enough too']);
  const both = openSecretSealer([SESSION_SECRET, 'the secret before this one, which was long enough too']);

  test('is kept so that the database alone does not tell it, each time otherwise', async () => {
    const { id, secret } = await withFactor();
    expect(await kept(id)).toMatch(/^sealed\.[\w-]{8}\.[\w-]{60,}$/);
    expect(await kept(id)).not.toContain(secret);
    expect(secrets.seal(secret, id)).not.toBe(secrets.seal(secret, id));
  });

  test('opens in its own row alone, unchanged, with a key there is', () => {
    const [one, other] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
    const sealed = secrets.seal('JBSWY3DPEHPK3PXP', one);
    expect(secrets.open(sealed, one)).toBe('JBSWY3DPEHPK3PXP');
    const at = sealed.length - 3;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    for (const [value, id] of [
      [sealed, other],
      [changed, one],
      [sealed.slice(0, -8), one],
      ['sealed.', one],
      [`${secrets.newest}AAAA`, one],
      [older.seal('JBSWY3DPEHPK3PXP', one), one],
    ] as const)
      expect([value, secrets.open(value, id)]).toEqual([value, null]);
    expect(both.open(older.seal('JBSWY3DPEHPK3PXP', one), one)).toBe('JBSWY3DPEHPK3PXP');
    expect(secrets.open('JBSWY3DPEHPK3PXP', one)).toBe('JBSWY3DPEHPK3PXP');
  });

  test('that was never sealed is sealed when a code of it is spent', async () => {
    const { id, email, secret } = await withFactor();
    await keep(id, secret);
    expect((await second(await pending(email), codeOf(secret))).status).toBe(303);
    expect([(await kept(id)).startsWith(secrets.newest), secrets.open(await kept(id), id)]).toEqual([true, secret]);
    expect((await second(await pending(email), codeOf(secret, STEP))).status).toBe(303);
  });

  test('that no key opens lets nobody in by a code, and its owner by a recovery code', async () => {
    const { id, email, secret, codes } = await withFactor();
    await keep(id, older.seal(secret, id));
    const cookie = await pending(email);
    expect((await second(cookie, codeOf(secret))).status).toBe(422);
    expect((await second(cookie, codes[0]!)).status).toBe(303);
  });

  test('is sealed with the newest key at the start of a process, whatever it was kept as; lost ones are counted and left', async () => {
    const [plain, old, fresh, lost] = [await withFactor(), await withFactor(), await withFactor(), await withFactor()];
    await keep(plain.id, plain.secret);
    await keep(old.id, older.seal(old.secret, old.id));
    const [before, gone] = [
      await kept(fresh.id),
      openSecretSealer(['a secret that nobody kept, however long']).seal(lost.secret, lost.id),
    ];
    await keep(lost.id, gone);
    expect(await resealSecrets(dossier.wall, both)).toBeGreaterThanOrEqual(1);
    for (const { id, secret } of [plain, old])
      expect([(await kept(id)).startsWith(secrets.newest), secrets.open(await kept(id), id)]).toEqual([true, secret]);
    expect([await kept(fresh.id), await kept(lost.id)]).toEqual([before, gone]);
  });
});

test('no code and no secret is ever logged', async () => {
  const { secret, codes, email } = await withFactor();
  await second(await pending(email), codes[0]!);
  const logged = JSON.stringify(dossier.logged);
  for (const one of [secret, ...codes]) expect(logged).not.toContain(one);
});
