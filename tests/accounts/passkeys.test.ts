import { createHash } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page as Tab } from 'playwright-core';
import { accountsViewer } from '../../src/access/viewer';
import { faultsOn } from '../support/browser/axe';
import { original } from '../support/briefing';
import { Authenticator, type Ceremony } from '../support/second-factor/authenticator';
import { openBrowser } from '../support/browser/browser';
import { logIn, tokenFor } from '../support/cast';
import { anAccount, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { movingClock } from '../support/billing/moving-clock';
import { said, visit, type Page } from '../support/page';

jest.setTimeout(120_000);

const clock = movingClock();
let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1, clock, host: 'localhost' });
  await dossier.take('a-signal', { 'en.md': original() });
});
afterAll(() => dossier.stop());

const MINUTE = 60_000;
const SECTION = '/account/passkeys';
const BRIEFING = '/briefings/a-signal';

const get = (cookie: string, path = SECTION) => visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });
const opened = async (cookie: string) => {
  const { text } = await get(cookie, BRIEFING);
  return ['GATED trend text.', 'GATED evidence text.'].map((one) => text.includes(one));
};
const reads = async (cookie: string) => (await opened(cookie))[0];
const rowOf = (id: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({
      where: { id },
      include: { passkeys: { orderBy: { createdAt: 'asc' } }, logins: true, letters: true, apiTokens: true },
    }),
  );
/** Where a passkey is removed: its id's hash stands in the address. */
const removalOf = ({ id }: Authenticator) => `${SECTION}/${createHash('sha256').update(id).digest('hex')}/remove`;
const handleOf = (id: string) => Buffer.from(id).toString('base64url');
const loggedIn = (id: string) => logIn(dossier, id, clock.now().getTime());

interface Asked {
  readonly challenge: string;
  readonly rp?: object;
  readonly user?: { readonly id: string };
  readonly allowCredentials?: readonly object[];
}

/** Proves, and has the browser's part begun. */
async function begin(cookie: string, fields: Record<string, string> = { current: PASSWORD }) {
  const page = await send(dossier, `${SECTION}/new`, fields, { cookie });
  const given = page.html.querySelector('form[data-ceremony=create]')?.getAttribute('data-given');
  return { page, cookie: cookiesOf(page), asked: given ? (JSON.parse(given) as Asked) : null };
}

/** Registers a passkey for an account, as its browser would. */
async function register(
  id: string,
  {
    authenticator = new Authenticator(),
    change = {},
    name = 'My phone',
    cookie,
    fields,
  }: {
    authenticator?: Authenticator;
    change?: Partial<Ceremony>;
    name?: string;
    cookie?: string;
    fields?: Record<string, string>;
  } = {},
) {
  const begun = await begin(cookie ?? (await loggedIn(id)), fields);
  const credential = authenticator.make({
    challenge: begun.asked!.challenge,
    origin: dossier.url,
    userHandle: handleOf(id),
    ...change,
    ...(change.userHandle === null ? { userHandle: '' } : {}),
  } as Ceremony & { userHandle: string });
  const answer = await send(dossier, SECTION, { credential, 'passkey-name': name }, { cookie: begun.cookie });
  return { authenticator, answer, credential, begun, cookie: cookiesOf(answer) };
}

/** An account with one passkey. */
async function withPasskey() {
  const account = await anAccount(dossier);
  return { ...account, ...(await register(account.id)) };
}

async function challenge(cookie?: string) {
  const page = await send(dossier, '/login/passkey/options', {}, { ...(cookie === undefined ? {} : { cookie }) });
  return { page, cookie: cookiesOf(page) || (cookie ?? ''), asked: JSON.parse(page.text) as Asked };
}

const show = (cookie: string, credential: string, next = BRIEFING, path = '/login/passkey') =>
  send(dossier, path, { credential, next }, { cookie });

async function logInWith(authenticator: Authenticator, change: Partial<Ceremony> = {}): Promise<Page> {
  const { cookie, asked } = await challenge();
  return show(cookie, authenticator.show({ challenge: asked.challenge, origin: dossier.url, ...change }));
}

const isRefused = (page: Page) => {
  expect([page.status, said(page, '#form-error')]).toEqual([
    422,
    'No account could be opened with this passkey. Please try again, or log in with your password.',
  ]);
};

describe('a new passkey', () => {
  test('is kept under its name, with nothing secret; every other login ends and the owner is told', async () => {
    const { id, email } = await anAccount(dossier);
    const other = await loggedIn(id);
    await tokenFor(dossier, id);
    const { answer, begun, cookie, authenticator } = await register(id);
    expect(begun.page.headers.get('cache-control')).toBe('private, no-store');
    expect(begun.asked).toMatchObject({
      rp: { id: 'localhost', name: 'Dossier' },
      user: { id: handleOf(id), name: email },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${SECTION}?done=added`]);
    expect([await reads(other), await reads(begun.cookie), await reads(cookie)]).toEqual([false, false, true]);
    const row = await rowOf(id);
    expect(row.passkeys.map(({ id: key, name }) => [key, name])).toEqual([[authenticator.id, 'My phone']]);
    expect(row.letters.map(({ kind, recipient }) => [kind, recipient])).toEqual([['passkeys-changed', email]]);
    expect(row.apiTokens.every(({ revokedAt }) => revokedAt !== null)).toBe(true);
    expect(said(await get(cookie), '.row-name')).toBe('My phone');
  });

  test.each([
    ['', 'Please write your current password.'],
    ['not the password', 'This is not your current password.'],
  ])('needs the current password, and not %j', async (current, sentence) => {
    const { id } = await anAccount(dossier);
    const { page, asked } = await begin(await loggedIn(id), { current });
    expect([page.status, said(page, '#current-error'), asked]).toEqual([422, sentence, null]);
  });

  test.each<[string, Partial<Ceremony>]>([
    ['another origin', { origin: 'http://evil.example', rpId: 'localhost' }],
    ['another site', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'A'.repeat(43) }],
    ['a device that asked nobody', { verified: false }],
    ['the answer to another ceremony', { type: 'webauthn.get' }],
  ])('from %s is refused', async (_what, change) => {
    const { id } = await anAccount(dossier);
    const { answer } = await register(id, { change });
    expect([answer.status, said(answer, '[role=alert]')]).toEqual([
      422,
      'The passkey could not be added. Please try again.',
    ]);
    expect((await rowOf(id)).passkeys).toEqual([]);
  });

  test('is added once: neither again in the same session nor to another account', async () => {
    const { id, credential, cookie, authenticator } = await withPasskey();
    expect((await send(dossier, SECTION, { credential, 'passkey-name': 'x' }, { cookie })).status).toBe(422);
    const other = await anAccount(dossier);
    expect((await register(other.id, { authenticator })).answer.status).toBe(422);
    expect([(await rowOf(id)).passkeys.length, (await rowOf(other.id)).passkeys.length]).toEqual([1, 0]);
  });

  test('is not added to the challenge of a login, which nobody had to prove anything for', async () => {
    const { id } = await anAccount(dossier);
    const cookie = await loggedIn(id);
    const { asked } = await challenge(cookie);
    const credential = new Authenticator().make({
      challenge: asked.challenge,
      origin: dossier.url,
      userHandle: handleOf(id),
    });
    expect((await send(dossier, SECTION, { credential, 'passkey-name': 'x' }, { cookie })).status).toBe(422);
    expect((await rowOf(id)).passkeys).toEqual([]);
  });

  test('has ten minutes', async () => {
    const { id } = await anAccount(dossier);
    const begun = await begin(await loggedIn(id));
    clock.move(10 * MINUTE);
    const credential = new Authenticator().make({
      challenge: begun.asked!.challenge,
      origin: dossier.url,
      userHandle: handleOf(id),
    });
    expect((await send(dossier, SECTION, { credential, 'passkey-name': 'x' }, { cookie: begun.cookie })).status).toBe(
      422,
    );
  });

  test('without a usable name is called after its device', async () => {
    const { id } = await anAccount(dossier);
    const names = ['', ' ', 'x'.repeat(61), 'a\u0000b', '\u202e'];
    for (const name of names) await register(id, { name });
    expect((await rowOf(id)).passkeys.map(({ name }) => name)).toEqual(names.map(() => 'An unknown browser'));
  });

  test('is the twentieth at most', async () => {
    const { id } = await anAccount(dossier);
    await dossier.wall.write(accountsViewer, (db) =>
      db.passkey.createMany({
        data: Array.from({ length: 20 }, (_, index) => ({
          id: `${id}-${index}`,
          accountId: id,
          name: 'x',
          publicKey: new Uint8Array([1]),
          counter: 0,
          transports: [],
        })),
      }),
    );
    expect((await register(id)).answer.status).toBe(422);
  });
});

describe('logging in', () => {
  test('takes a passkey, without a name and without a second step', async () => {
    const { id, authenticator } = await withPasskey();
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { totpConfirmedAt: clock.now(), totpSecret: 'A'.repeat(32) } }),
    );
    const answer = await logInWith(authenticator);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, BRIEFING]);
    expect(await reads(cookiesOf(answer))).toBe(true);
    expect((await rowOf(id)).passkeys[0]!.lastUsedAt).not.toBeNull();
  });

  test.each(['//evil.example', 'https://evil.example/x', '/login', ''])(
    'with next %j leads to the front page',
    async (next) => {
      const { authenticator } = await withPasskey();
      const { cookie, asked } = await challenge();
      const answer = await show(
        cookie,
        authenticator.show({ challenge: asked.challenge, origin: dossier.url }),
        next,
        '/es/login/passkey',
      );
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/es']);
    },
  );

  test('asks for no passkey by name, whoever asks', async () => {
    const { cookie } = await withPasskey();
    for (const who of [undefined, cookie]) {
      const { page, asked } = await challenge(who);
      expect([page.status, page.headers.get('cache-control'), asked.allowCredentials ?? []]).toEqual([
        200,
        'private, no-store',
        [],
      ]);
      expect(asked).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    }
    expect((await challenge()).asked.challenge).not.toBe((await challenge()).asked.challenge);
  });

  test.each<[string, Partial<Ceremony>]>([
    ['another origin', { origin: 'http://evil.example', rpId: 'localhost' }],
    ['another port of this machine', { origin: 'http://localhost:1' }],
    ['another site', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'A'.repeat(43) }],
    ['a device that asked nobody', { verified: false }],
    ['the answer to another ceremony', { type: 'webauthn.create' }],
    ['the handle of somebody else', { userHandle: handleOf('00000000-0000-4000-8000-000000000000') }],
  ])('from %s is refused', async (_what, change) => {
    const { authenticator } = await withPasskey();
    const page = await logInWith(authenticator, change);
    isRefused(page);
    expect(await reads(cookiesOf(page))).toBe(false);
  });

  test('answers alike for passkeys nobody has, removed ones, those of the suspended, and nonsense', async () => {
    const suspended = await withPasskey();
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id: suspended.id }, data: { state: 'suspended' } }),
    );
    const stranger = new Authenticator();
    stranger.make({ challenge: 'x', origin: dossier.url, userHandle: handleOf(suspended.id) });
    const texts = [];
    for (const authenticator of [stranger, suspended.authenticator]) {
      const page = await logInWith(authenticator);
      isRefused(page);
      texts.push(page.text);
    }
    for (const nonsense of [
      '',
      '{}',
      'null',
      '[]',
      'x',
      '{"id":"__proto__"}',
      JSON.stringify({
        id: 'a',
        rawId: 'a',
        type: 'public-key',
        response: { clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' },
      }),
    ]) {
      const { cookie } = await challenge();
      const page = await show(cookie, nonsense);
      isRefused(page);
      texts.push(page.text);
    }
    expect(new Set(texts).size).toBe(1);
  });

  test('takes no answer twice, none without a challenge, and none of another session', async () => {
    const { authenticator } = await withPasskey();
    const { cookie, asked } = await challenge();
    const credential = authenticator.show({ challenge: asked.challenge, origin: dossier.url });
    isRefused(await show((await challenge()).cookie, credential));
    isRefused(await show('', credential));
    const answer = await show(cookie, credential);
    expect(answer.status).toBe(303);
    isRefused(await show(cookie, credential));
    isRefused(await show(cookiesOf(answer), credential));
  });

  test('spends a challenge on a wrong answer too', async () => {
    const { authenticator } = await withPasskey();
    const { cookie, asked } = await challenge();
    isRefused(await show(cookie, '{}'));
    isRefused(await show(cookie, authenticator.show({ challenge: asked.challenge, origin: dossier.url })));
  });

  test('has ten minutes', async () => {
    const { authenticator } = await withPasskey();
    const { cookie, asked } = await challenge();
    clock.move(10 * MINUTE);
    isRefused(await show(cookie, authenticator.show({ challenge: asked.challenge, origin: dossier.url })));
  });

  test('refuses a passkey whose counter goes back: it was copied', async () => {
    const { authenticator } = await withPasskey();
    expect((await logInWith(authenticator, { counter: 5 })).status).toBe(303);
    for (const counter of [5, 4, 0]) isRefused(await logInWith(authenticator, { counter }));
    expect((await logInWith(authenticator, { counter: 6 })).status).toBe(303);
  });

  test('from another origin is refused, and a body that is none of the form', async () => {
    for (const path of [
      '/login/passkey/options',
      '/login/passkey',
      SECTION,
      `${SECTION}/new`,
      `${SECTION}/drop-password`,
      `${SECTION}/x/remove`,
    ]) {
      for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }])
        expect([path, (await send(dossier, path, { credential: '{}' }, { headers })).status]).toEqual([path, 403]);
    }
    for (const body of ['', 'credential=1&credential=2', 'credential[]=1', 'credential={}&id=x'])
      expect([body, (await send(dossier, '/login/passkey', body)).status]).toEqual([body, 400]);
  });
});

describe('whoever has shown a passkey', () => {
  test('proves with it for a quarter of an hour, and with the password afterwards', async () => {
    const { id, authenticator } = await withPasskey();
    const cookie = cookiesOf(await logInWith(authenticator));
    expect((await get(cookie, `${SECTION}/new`)).html.querySelector('#current')).toBeNull();
    clock.move(15 * MINUTE);
    const page = await get(cookie, `${SECTION}/new`);
    expect(page.html.querySelector('#current')).not.toBeNull();
    expect(page.html.querySelector('form[data-ceremony=get] [name=next]')!.getAttribute('value')).toBe(
      `${SECTION}/new`,
    );
    expect((await begin(cookie, {})).page.status).toBe(422);
    const fresh = cookiesOf(await logInWith(authenticator));
    await register(id, { cookie: fresh, fields: {}, name: 'My key' });
    expect((await rowOf(id)).passkeys.map(({ name }) => name)).toEqual(['My phone', 'My key']);
  });

  test('may do without a password; the last way in stays', async () => {
    const { id, email, authenticator } = await withPasskey();
    const first = cookiesOf(await logInWith(authenticator));
    const dropped = await send(dossier, `${SECTION}/drop-password`, {}, { cookie: first });
    expect(dropped.headers.get('location')).toBe(`${SECTION}?done=password-dropped`);
    expect((await rowOf(id)).passwordHash).toBeNull();
    expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(422);

    const cookie = cookiesOf(await logInWith(authenticator));
    const kept = await send(dossier, removalOf(authenticator), {}, { cookie });
    expect([kept.status, said(kept, '[role=alert]')]).toEqual([
      422,
      'This passkey is the only way into your account, so it stays. Add another one first, or choose a password.',
    ]);
    const more = await register(id, { cookie, fields: {} });
    const last = cookiesOf(await logInWith(more.authenticator));
    expect((await send(dossier, removalOf(authenticator), {}, { cookie: last })).status).toBe(303);
    isRefused(await logInWith(authenticator));
    expect((await rowOf(id)).passkeys.map((one) => one.id)).toEqual([more.authenticator.id]);
  });

  test('and has no password is asked for the passkey again, and for no password', async () => {
    const { id, authenticator } = await withPasskey();
    await dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id }, data: { passwordHash: null } }),
    );
    const cookie = cookiesOf(await logInWith(authenticator));
    clock.move(15 * MINUTE);
    for (const path of [`${SECTION}/new`, removalOf(authenticator), '/account/second-factor']) {
      const page = await get(cookie, path);
      expect([
        path,
        page.status,
        page.html.querySelector('#current'),
        page.html.querySelectorAll('form[data-ceremony=get]').length,
      ]).toEqual([path, 200, null, 1]);
    }
    expect((await begin(cookie, {})).page.status).toBe(403);
  });
});

test('of two passkeys removed at once from an account without a password one stays', async () => {
  const { id, authenticator } = await withPasskey();
  const more = await register(id);
  await dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { passwordHash: null } }));
  const cookie = cookiesOf(await logInWith(authenticator));
  await Promise.all([authenticator, more.authenticator].map((one) => send(dossier, removalOf(one), {}, { cookie })));
  expect((await rowOf(id)).passkeys).toHaveLength(1);
});

test('without a passkey the password cannot be removed, and with a wrong password nothing can', async () => {
  const account = await anAccount(dossier);
  expect(
    (await send(dossier, `${SECTION}/drop-password`, { current: PASSWORD }, { cookie: await loggedIn(account.id) }))
      .status,
  ).toBe(422);
  const { id, authenticator } = await withPasskey();
  const cookie = await loggedIn(id);
  for (const path of [`${SECTION}/drop-password`, removalOf(authenticator)])
    expect((await send(dossier, path, { current: 'not the password' }, { cookie })).status).toBe(422);
  const row = await rowOf(id);
  expect([row.passwordHash === null, row.passkeys.length]).toEqual([false, 1]);
});

test('nobody sees or removes a passkey of somebody else', async () => {
  const { id, authenticator } = await withPasskey();
  const other = await loggedIn((await anAccount(dossier)).id);
  expect((await get(other, removalOf(authenticator))).status).toBe(404);
  expect((await send(dossier, removalOf(authenticator), { current: PASSWORD }, { cookie: other })).status).toBe(404);
  expect((await visit(`${dossier.url}${SECTION}`)).headers.get('location')).toBe('/login?next=%2Faccount%2Fpasskeys');
  for (const path of [SECTION, `${SECTION}/new`, `${SECTION}/drop-password`, removalOf(authenticator)])
    expect((await send(dossier, path, { current: PASSWORD })).headers.get('location')).toBe('/login?next=%2Faccount');
  expect((await rowOf(id)).passkeys).toHaveLength(1);
});

test('a passkey makes staff of those who were appointed, at once, and their password alone lets them in no more', async () => {
  const { id, email } = await anAccount(dossier);
  await dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { role: 'editor' } }));
  const before = await loggedIn(id);
  expect(await opened(before)).toEqual([true, false]);
  const { cookie, authenticator } = await register(id, { cookie: before });
  expect(await opened(cookie)).toEqual([true, true]);

  const first = await send(dossier, '/login', { email, password: PASSWORD, next: BRIEFING });
  expect(first.headers.get('location')).toBe('/login/second-factor');
  const step = await get(cookiesOf(first), '/login/second-factor');
  expect([step.html.querySelector('#code'), step.html.querySelectorAll('form[data-ceremony=get]').length]).toEqual([
    null,
    1,
  ]);
  expect((await send(dossier, '/login/second-factor', { code: '123456' }, { cookie: cookiesOf(first) })).status).toBe(
    422,
  );
  expect(await opened(cookiesOf(first))).toEqual([false, false]);
  const { asked } = await challenge(cookiesOf(first));
  const answer = await show(cookiesOf(first), authenticator.show({ challenge: asked.challenge, origin: dossier.url }));
  expect(await opened(cookiesOf(answer))).toEqual([true, true]);

  const gone = await send(dossier, removalOf(authenticator), {}, { cookie: cookiesOf(answer) });
  expect(await opened(cookiesOf(gone))).toEqual([true, false]);
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  const expectAccessible = async (tab: Tab, what: string) =>
    expect({ what, faults: await faultsOn(tab) }).toEqual({ what, faults: [] });

  test('a passkey is made, shown and removed, and every page of it is accessible in either theme', async () => {
    const account = await anAccount(dossier);
    const context = await browser.newContext();
    const errors: string[] = [];
    const tab = await context.newPage();
    tab.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    const devtools = await context.newCDPSession(tab);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });

    await tab.goto(`${dossier.url}/login?next=${SECTION}`);
    await expectAccessible(tab, 'login');
    await tab.fill('#email', account.email);
    await tab.fill('#password', PASSWORD);
    await Promise.all([tab.waitForURL(`${dossier.url}${SECTION}`), tab.click('.form .button')]);
    await expectAccessible(tab, 'no passkeys yet');
    await tab.click('main .button >> text=Add a passkey');
    await expectAccessible(tab, 'the proof');
    await tab.fill('#current', PASSWORD);
    await tab.click('main .file-body .button');
    await expectAccessible(tab, 'the new passkey');
    await tab.fill('#passkey-name', 'Virtual');
    await Promise.all([tab.waitForURL(`${dossier.url}${SECTION}?done=added`), tab.click('#passkey .button')]);
    await expectAccessible(tab, 'one passkey');
    expect(await tab.locator('.row-name').innerText()).toBe('Virtual');

    await context.clearCookies();
    await tab.goto(`${dossier.url}/login?next=${BRIEFING}`);
    await Promise.all([tab.waitForURL(`${dossier.url}${BRIEFING}`), tab.click('#passkey .button')]);
    expect(await tab.locator('main').innerText()).toContain('GATED trend text.');

    for (const path of ['/account', '/account/security', '/account/second-factor']) {
      await tab.goto(`${dossier.url}${path}`);
      await expectAccessible(tab, path);
    }
    await tab.click('main .section-form .button');
    await expectAccessible(tab, 'setting up the second factor');
    const secret = (await tab.locator('.secret').innerText()).replace(/\s/g, '');
    await tab.fill(
      '#code',
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() }),
    );
    await tab.click('main form .button');
    await tab.waitForSelector('.secret-list');
    await expectAccessible(tab, 'the recovery codes');
    await tab.click('main .section-do .button');
    await expectAccessible(tab, 'the second factor is on');

    await tab.goto(`${dossier.url}${SECTION}`);
    await tab.click('.row .button');
    await expectAccessible(tab, 'removing');
    await Promise.all([tab.waitForURL(`${dossier.url}${SECTION}?done=removed`), tab.click('main .file-body .button')]);

    await context.clearCookies();
    await tab.goto(`${dossier.url}/login`);
    await tab.fill('#email', account.email);
    await tab.fill('#password', PASSWORD);
    await Promise.all([tab.waitForURL(`${dossier.url}/login/second-factor`), tab.click('.form .button')]);
    await expectAccessible(tab, 'the second step');
    await tab.goto(`${dossier.url}/login`);
    await tab.click('#passkey .button');
    await tab.waitForSelector('#form-error');
    expect(errors.filter((text) => !text.includes('422'))).toEqual([]);
    await context.close();
  });

  test('without JavaScript there is no button that does nothing', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const tab = await context.newPage();
    await tab.goto(`${dossier.url}/login`);
    expect([await tab.locator('#passkey').isVisible(), await tab.locator('.form .button').isVisible()]).toEqual([
      false,
      true,
    ]);
    await context.close();
  });

  test('the script is small', async () => {
    const { html } = await visit(`${dossier.url}/login`);
    const script = await visit(`${dossier.url}${html.querySelector('script')!.getAttribute('src')}`);
    expect([script.headers.get('content-type'), Buffer.byteLength(script.text) < 3_000]).toEqual([
      'text/javascript; charset=utf-8',
      true,
    ]);
  });
});
