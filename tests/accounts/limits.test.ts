import { randomInt } from 'node:crypto';
import { openRedis } from '../../src/stores/redis';
import { anAccount, anyEmail, anyIp, cookiesOf, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';

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
    .find((one) => one.startsWith('dossier-device='))!;
  const ip = anyIp();
  await statuses(12, () => fail(email, { ip }));
  expect((await send(dossier, '/login', { email, password: PASSWORD })).status).toBe(429);
  expect(
    (await send(dossier, '/login', { email, password: PASSWORD }, { cookie: 'dossier-device=' + 'A'.repeat(43) }))
      .status,
  ).toBe(429);
  expect((await send(dossier, '/login', { email, password: PASSWORD }, { cookie: device, ip })).status).toBe(303);
  // The device is known for this account alone, and has no more tries than anybody.
  const other = await anAccount(dossier);
  await statuses(10, () => fail(other.email));
  expect((await send(dossier, '/login', { email: other.email, password: PASSWORD }, { cookie: device })).status).toBe(
    429,
  );
  expect(await statuses(11, () => fail(email, { cookie: device }))).toEqual([...Array<number>(10).fill(422), 429]);
});

test('ten join from one address in an hour', async () => {
  const ip = anyIp();
  const join = (from: string) =>
    send(dossier, '/join/strategy-circle', { name: 'A reader', email: anyEmail(), password: PASSWORD }, { ip: from });
  expect(await statuses(11, () => join(ip))).toEqual([...Array<number>(10).fill(303), 429]);
  expect((await join(anyIp())).status).toBe(303);
});

test.each<[string, 'read' | 'write', (ip: string) => ReturnType<typeof send>, number]>([
  [
    'joins',
    'write',
    (ip) => send(dossier, '/join/strategy-circle', { name: 'A reader', email: anyEmail(), password: PASSWORD }, { ip }),
    303,
  ],
  ['passwords', 'read', (ip) => fail('somebody@example.org', { ip }), 422],
])('what a full disk of ours makes fail is none of the %s of an address', async (_name, what, attempt, well) => {
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
  expect(await statuses(11, () => attempt(ip))).toEqual([...Array<number>(10).fill(well), 429]);
});

test('without a proxy nobody is believed about their address', async () => {
  const direct = await startDossier();
  try {
    const seen = await statuses(52, () => fail(anyEmail(), { ip: anyIp() }, direct));
    expect(seen).toEqual([...Array<number>(50).fill(422), 429, 429]);
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
