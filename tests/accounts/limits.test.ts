import { randomInt } from 'node:crypto';
import { openRedis } from '../../src/stores/redis';
import { enter } from '../support/cast';
import { anAccount, anyEmail, anyIp, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { lettersTo, tokenTo } from '../support/letters';
import { visit } from '../support/page';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ trustProxy: 1 });
});
afterAll(() => dossier.stop());

const WRONG = 'certainly not the password';
const fail = (email: string, more: Parameters<typeof send>[3] = {}, at = dossier) =>
  send(at, '/login', { email, password: WRONG }, more);
const statuses = async (times: number, attempt: (index: number) => Promise<{ status: number }>) => {
  const seen: number[] = [];
  for (let index = 0; index < times; index++) seen.push((await attempt(index)).status);
  return seen;
};

test('ten wrong passwords for one account, from wherever and however it is written, and then it waits', async () => {
  const { email } = await anAccount(dossier);
  const spellings = [email, email.toUpperCase(), ` ${email}`, `${email}\t`, email.replace('r', 'R')];
  expect(await statuses(10, (index) => fail(spellings[index % spellings.length]!))).toEqual(Array(10).fill(422));
  const page = await send(dossier, '/login', { email, password: PASSWORD, next: '/x' });
  expect(page.status).toBe(429);
  expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(800);
  expect(Number(page.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  expect(page.html.querySelector('#email')!.getAttribute('value')).toBe(email);
  expect(page.html.querySelector('input[name=next]')!.getAttribute('value')).toBe('/x');
  expect(page.text).toContain('Please wait 15 minutes');
  expect(page.headers.get('set-cookie')).toBeNull();
  expect((await send(dossier, '/join/strategy-circle', { name: 'x', email, password: PASSWORD })).status).toBe(429);
});

test('an address without an account is limited alike', async () => {
  const email = anyEmail();
  expect(await statuses(11, () => fail(email))).toEqual([...Array<number>(10).fill(422), 429]);
});

test('a right password forgives the wrong ones before it', async () => {
  const { email } = await anAccount(dossier);
  expect(await statuses(9, () => fail(email))).toEqual(Array(9).fill(422));
  expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(303);
  expect(await statuses(10, () => fail(email))).toEqual(Array(10).fill(422));
});

test('fifty at once are ten', async () => {
  const { email } = await anAccount(dossier);
  const seen = await Promise.all(Array.from({ length: 50 }, () => fail(email)));
  expect(seen.filter(({ status }) => status === 422)).toHaveLength(10);
  expect(seen.filter(({ status }) => status === 429)).toHaveLength(40);
});

test('one address tries fifty accounts, and then it waits', async () => {
  const ip = anyIp();
  const seen = await statuses(51, () => fail(anyEmail(), { ip }));
  expect(seen).toEqual([...Array<number>(50).fill(422), 429]);
  expect((await fail(anyEmail())).status).toBe(422);
});

test('whoever has a whole network of addresses is one, whichever of them they come from', async () => {
  const household = `2001:db8:${randomInt(65_536).toString(16)}:1`;
  let n = 0;
  const seen = await statuses(51, () => fail(anyEmail(), { ip: `${household}::${(++n).toString(16)}` }));
  expect(seen).toEqual([...Array<number>(50).fill(422), 429]);
  expect((await fail(anyEmail(), { ip: `${household.slice(0, -1)}2::1` })).status).toBe(422);
});

test('strangers who fail do not lock the owner out of a device that is known', async () => {
  const { email } = await anAccount(dossier);
  const device = cookiesOf(await send(dossier, '/login', { email, password: PASSWORD }))
    .split('; ')
    .find((one) => one.startsWith('device='))!;
  const ip = anyIp();
  await statuses(12, () => fail(email, { ip }));
  expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(429);
  expect(
    (await send(dossier, '/login', { email, password: PASSWORD }, { cookie: 'device=' + 'A'.repeat(43) })).status,
  ).toBe(429);
  expect((await send(dossier, '/login', { email, password: PASSWORD }, { cookie: device, ip })).status).toBe(303);
  // A cookie of before its name changed counts as well.
  const former = { cookie: `dossier-${device}`, ip };
  expect((await send(dossier, '/login', { email, password: PASSWORD }, former)).status).toBe(303);
  // The device is known for this account alone, and has no more tries than anybody.
  const other = await anAccount(dossier);
  await statuses(10, () => fail(other.email));
  expect((await send(dossier, '/login', { email: other.email, password: PASSWORD }, { cookie: device })).status).toBe(
    429,
  );
  expect(await statuses(11, () => fail(email, { cookie: device }))).toEqual([...Array<number>(10).fill(422), 429]);
});

describe('a whole office behind one address', () => {
  const JOIN = '/join/strategy-circle';
  const join = (ip: string, email = anyEmail(), next = '/account') =>
    send(dossier, JOIN, { name: 'A reader', email, password: PASSWORD, next }, { ip });
  const crowd = async () => {
    const ip = anyIp();
    const first = await statuses(10, () => join(ip));
    expect(first).toEqual(Array(10).fill(303));
    return ip;
  };

  test('joins: ten in an hour at once, and the others once they open the link of their letter', async () => {
    const ip = await crowd();
    const email = anyEmail();
    const answer = await join(ip, email);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('set-cookie')]).toEqual([
      303,
      '/join/sent',
      null,
    ]);
    expect((await visit(`${dossier.url}/join/sent`)).status).toBe(200);
    const login = () => send(dossier, '/login', { email, password: PASSWORD });
    expect((await login()).status).toBe(422);

    const token = await tokenTo(dossier, email, 'finish-joining');
    const page = await visit(`${dossier.url}/join/confirm?token=${token}`);
    expect([page.status, page.text.includes(email), page.headers.get('referrer-policy')]).toEqual([
      200,
      true,
      'no-referrer',
    ]);
    expect(page.html.querySelector('#name')!.getAttribute('value')).toBe('A reader');
    const confirm = (password: string) =>
      send(dossier, '/join/confirm', { token, name: 'Somebody else', 'new-password': password }, { ip });
    expect((await confirm('short')).status).toBe(422);
    const made = await confirm('seven lanterns on the quay');
    expect([made.status, made.headers.get('location')]).toEqual([303, '/account']);
    const inside = await visit(`${dossier.url}/account`, { headers: { Cookie: cookiesOf(made) } });
    expect([inside.status, inside.text.includes('Somebody else')]).toEqual([200, true]);
    expect((await confirm('seven lanterns on the quay')).status).toBe(410);
    // What was typed when joining was asked for may have been a stranger's: it opens nothing.
    expect((await login()).status).toBe(422);
    expect((await join(anyIp())).headers.get('location')).toBe('/account');
  });

  test('is told nothing about an address that has an account, whose owner gets another letter', async () => {
    const ip = await crowd();
    const [known, unknown] = [(await anAccount(dossier)).email, anyEmail()];
    const answers = [await join(ip, known), await join(ip, unknown)].map(({ status, text, headers }) => [
      status,
      text,
      headers.get('location'),
    ]);
    expect(answers[0]).toEqual(answers[1]);
    expect((await lettersTo(dossier, known)).map(({ kind }) => kind)).toEqual(['already-joined']);
    expect((await lettersTo(dossier, unknown)).map(({ kind }) => kind)).toEqual(['finish-joining']);
  });

  test('is sent no more than five letters an hour for one address, and the newest link alone is good', async () => {
    const ip = await crowd();
    const email = anyEmail();
    expect(await statuses(6, () => join(ip, email))).toEqual([...Array<number>(5).fill(303), 429]);
    const tokens = (await lettersTo(dossier, email)).map(({ data }) => data.token!);
    const opens = await Promise.all(tokens.map((token) => visit(`${dossier.url}/join/confirm?token=${token}`)));
    expect(opens.map(({ status }) => status)).toEqual([410, 410, 410, 410, 200]);
    // Somebody joined with it from elsewhere meanwhile: the link makes no second account.
    await anAccount(dossier, { email });
    const late = { token: tokens.at(-1)!, name: 'A reader', 'new-password': PASSWORD };
    expect((await send(dossier, '/join/confirm', late)).status).toBe(410);
  });
});

test.each<[string, 'read' | 'write', (ip: string) => ReturnType<typeof send>, number, [number, string | null]]>([
  [
    'joins',
    'write',
    (ip) => send(dossier, '/join/strategy-circle', { name: 'A reader', email: anyEmail(), password: PASSWORD }, { ip }),
    303,
    [303, '/join/sent'],
  ],
  ['passwords', 'read', (ip) => fail('somebody@example.org', { ip }), 422, [429, null]],
])('what a full disk of ours makes fail is none of the %s of an address', async (_name, what, attempt, well, then) => {
  const ip = anyIp();
  const full = Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });
  const broken = jest.spyOn(dossier.wall, what).mockRejectedValue(full);
  try {
    const pages = [];
    for (let n = 0; n < 12; n++) pages.push(await attempt(ip));
    expect(pages.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
      Array(12).fill([503, '10']),
    );
  } finally {
    broken.mockRestore();
  }
  const answers = [];
  for (let n = 0; n < 11; n++) answers.push(await attempt(ip));
  // The eleventh of an address joins by letter, or waits.
  const eleventh = answers.pop()!;
  expect(answers.map(({ status, headers }) => [status, headers.get('location') === '/join/sent'])).toEqual(
    Array(10).fill([well, false]),
  );
  expect([eleventh.status, eleventh.headers.get('location')]).toEqual(then);
});

test('without a proxy nobody is believed about their address', async () => {
  const direct = await startDossier();
  try {
    const seen = await statuses(52, () => fail(anyEmail(), { ip: anyIp() }, direct));
    expect(seen).toEqual([...Array<number>(50).fill(422), 429, 429]);
    // That a proxy seems to stand there is said loudly and once, and to whoever can mend it.
    expect(direct.logged.filter(({ msg }) => String(msg).startsWith('TRUST_PROXY is 0'))).toHaveLength(1);
    const { headers } = await enter(direct, 'admin');
    expect((await visit(`${direct.url}/admin/members`, { headers })).text).toContain('TRUST_PROXY is 0');
  } finally {
    await direct.stop();
  }
});

test('while Redis is down attempts are counted all the same', async () => {
  const redis = openRedis('redis://127.0.0.1:1', { warn: () => undefined });
  const without = await startDossier({ trustProxy: 1, redis });
  try {
    const email = anyEmail();
    expect(await statuses(11, () => fail(email, {}, without))).toEqual([...Array<number>(10).fill(422), 429]);
  } finally {
    await without.stop();
    redis.disconnect();
  }
});
