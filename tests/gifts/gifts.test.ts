import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { asSuperuserIn } from '../support/stores/cluster';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { aPicture } from '../support/pictures';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
const clock = { ahead: 0, now: () => new Date(Date.now() + clock.ahead) };
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

beforeAll(async () => {
  dossier = await startDossier({ clock });
  const withFigure = original().replace('GATED evidence', 'GATED evidence ![A map](map.png)');
  await dossier.take('a-signal', {
    'en.md': withFigure,
    'es.md': SPANISH,
    'map.png': await aPicture('png', 10, false),
  });
  await dossier.take('another-signal', { 'en.md': original({ slug: 'another-signal' }) });
  cast = await enterAll(dossier);
});
afterEach(() => {
  clock.ahead = 0;
});
beforeEach(() => dossier.wall.write(accountsViewer, (db) => db.giftLink.deleteMany()));
afterAll(() => dossier.stop());

const cookieOf = (name: Name) => ({ cookie: cast[name].headers['Cookie']! });
const give = (name: Name, form: Readonly<Record<string, string>> = { briefing: 'a-signal' }, prefix = '') =>
  send(dossier, `${prefix}/account/gifts`, form, cookieOf(name));
/** Makes a gift by its form, and takes the address from the page that shows it once. */
async function giftFrom(name: Name, form?: Readonly<Record<string, string>>, prefix?: string): Promise<string> {
  const made = await give(name, form, prefix);
  expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'private, no-store']);
  return new URL(made.html.querySelector('.secret code')!.text).pathname;
}
const read = async (path: string, headers: Readonly<Record<string, string>> = BROWSER) => {
  const response = await fetch(`${dossier.url}${path}`, { headers, redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const gatedIn = (text: string) => [...new Set(text.match(/GATED [a-z-]+/gi) ?? [])].sort();
const rowOf = () => dossier.wall.read(accountsViewer, (db) => db.giftLink.findFirstOrThrow());

test('opens the one briefing as its giver reads it, in each language, and says so to nobody else', async () => {
  const path = await giftFrom('alliance');
  expect(path).toMatch(/^\/gifts\/dosg_[0-9a-f]{64}$/);
  const theirs = await visit(`${dossier.url}/briefings/a-signal`, { headers: cast.alliance.headers });
  const { status, headers, text } = await read(path);
  expect([status, gatedIn(text)]).toEqual([200, gatedIn(theirs.text)]);
  expect(gatedIn(text).length).toBeGreaterThan(3);
  expect([headers.get('cache-control'), headers.get('x-robots-tag'), headers.get('referrer-policy')]).toEqual([
    'private, no-store',
    'noindex',
    'no-referrer',
  ]);
  expect([headers.get('set-cookie'), text.includes('name="robots" content="noindex"')]).toEqual([null, true]);
  expect(text).toContain(`<link rel="canonical" href="${dossier.url}/briefings/a-signal">`);
  expect(text).toContain('A member gives you this briefing.');
  expect(text).not.toContain('alliance-');
  const spanish = await read(`/es${path}`);
  expect([spanish.status, spanish.text.includes('Una señal en español')]).toEqual([200, true]);
  expect(text).toContain(`href="/es${path}"`);
});

test('opens nothing else: no plain page, no other briefing, no search, feed or API, whoever read it before', async () => {
  const path = await giftFrom('alliance');
  for (let twice = 0; twice < 2; twice++) {
    expect(gatedIn((await read(path)).text).length).toBeGreaterThan(3);
    for (const other of [
      '/briefings/a-signal',
      '/es/briefings/a-signal',
      '/briefings/another-signal',
      '/search?q=GATED',
      '/feed.xml',
      '/api/v1/briefings/a-signal',
    ])
      expect([other, gatedIn((await read(other, { ...BROWSER, Referer: dossier.url + path })).text)]).toEqual([
        other,
        [],
      ]);
  }
  const circle = await visit(`${dossier.url}/briefings/a-signal`, { headers: cast.circle.headers });
  const given = await visit(`${dossier.url}${path}`, { headers: { ...BROWSER, ...cast.circle.headers } });
  expect(gatedIn(given.text).length).toBeGreaterThan(gatedIn(circle.text).length);
  expect(gatedIn((await visit(`${dossier.url}/briefings/a-signal`, { headers: cast.circle.headers })).text)).toEqual(
    gatedIn(circle.text),
  );
});

test('shows the pictures of its texts, below its own address and nowhere else', async () => {
  const path = await giftFrom('alliance');
  const { text } = await read(path);
  const picture = new RegExp(`${path}/pictures/[0-9a-f]{64}\\.png`).exec(text)![0];
  const shown = await read(picture);
  expect([shown.status, shown.headers.get('content-type'), shown.headers.get('cache-control')]).toEqual([
    200,
    'image/png',
    'private, no-store',
  ]);
  expect((await read(picture.replace(path, ''))).status).toBe(404);
  const elsewhere = await giftFrom('alliance', { briefing: 'another-signal' });
  expect((await read(picture.replace(path, elsewhere))).status).toBe(404);
});

test('ends after seven days, at once when it is taken back, and with what its giver may read', async () => {
  const opens = async (path: string) => {
    const { status, text } = await read(path);
    const picture = await read(`${path}/pictures/${'0'.repeat(64)}.png`);
    return [status, gatedIn(text).length > 0, picture.status];
  };
  const first = await giftFrom('alliance');
  clock.ahead = 7 * 86_400_000 - 60_000;
  expect(await opens(first)).toEqual([200, true, 404]);
  clock.ahead = 7 * 86_400_000;
  expect(await opens(first)).toEqual([410, false, 404]);
  clock.ahead = 0;
  const section = await visit(`${dossier.url}/account/gifts`, { headers: cast.alliance.headers });
  expect([section.text.includes('dosg_'), section.text.includes('opened once')]).toEqual([false, true]);
  const { id } = await rowOf();
  expect((await send(dossier, `/account/gifts/${id}/revoke`, {}, cookieOf('comped'))).status).toBe(404);
  const asked = await visit(`${dossier.url}/account/gifts/${id}/revoke`, { headers: cast.alliance.headers });
  expect([asked.status, asked.text.includes('at once and for good')]).toEqual([200, true]);
  expect((await send(dossier, `/account/gifts/${id}/revoke`, {}, cookieOf('alliance'))).status).toBe(303);
  expect(await opens(first)).toEqual([410, false, 404]);
  expect((await send(dossier, `/account/gifts/${id}/revoke`, {}, cookieOf('alliance'))).status).toBe(404);

  const second = await giftFrom('comped');
  const grants = (revokedAt: Date | null) =>
    dossier.wall.write(accountsViewer, (db) =>
      db.grant.updateMany({ where: { accountId: cast.comped.id! }, data: { revokedAt } }),
    );
  await grants(new Date());
  await until(async () => (await opens(second))[0] === 410, 1_000);
  await grants(null);
  await until(async () => (await opens(second))[0] === 200, 1_000);
  const suspend = (state: 'active' | 'suspended') =>
    dossier.wall.write(accountsViewer, (db) =>
      db.account.update({ where: { id: cast.comped.id! }, data: { state }, select: { id: true } }),
    );
  await suspend('suspended');
  await until(async () => (await opens(second))[0] === 410, 1_000);
  await suspend('active');
});

test('a briefing that is withdrawn is not there by a gift either', async () => {
  const path = await giftFrom('alliance', { briefing: 'another-signal' });
  const put = (state: 'published' | 'draft') =>
    dossier.wall.write(editorialViewer, (db) =>
      db.briefing.update({ where: { slug: 'another-signal' }, data: { state }, select: { id: true } }),
    );
  await put('draft');
  expect((await read(path)).status).toBe(404);
  await put('published');
  expect((await read(path)).status).toBe(200);
});

test('is counted when a reader opens it, not when a program does', async () => {
  const path = await giftFrom('alliance');
  await read(path);
  await read(path, { 'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' });
  await fetch(`${dossier.url}${path}`, { method: 'HEAD', headers: BROWSER });
  // Who reads as far is sent to the page they always read.
  const own = await read(path, { ...BROWSER, ...cast.inGrace.headers });
  expect([own.status, own.headers.get('location')]).toEqual([302, '/briefings/a-signal']);
  expect((await rowOf()).opens).toBe(1);
});

test('ten in thirty days, also at once; the page says so and offers no more', async () => {
  const made = await Promise.all(Array.from({ length: 14 }, () => give('alliance')));
  expect(made.map(({ status }) => status).sort()).toEqual([
    ...Array<number>(10).fill(201),
    ...Array<number>(4).fill(422),
  ]);
  const asked = await visit(`${dossier.url}/account/gifts/new?briefing=a-signal`, { headers: cast.alliance.headers });
  expect([asked.html.querySelector('form[action="/account/gifts"]'), asked.text.includes('in 30 days')]).toEqual([
    null,
    true,
  ]);
  clock.ahead = 31 * 86_400_000;
  await giftFrom('alliance');
});

test('names its giver where they chose so, and is offered to those who may give', async () => {
  const path = await giftFrom('alliance', { briefing: 'a-signal', named: 'yes' });
  expect((await read(path)).text).toContain('alliance gives you this briefing.');
  const WAY = 'a[href="/account/gifts/new?briefing=a-signal"]';
  for (const [name, offered] of [
    ['alliance', true],
    ['circle', false],
    ['visitor', false],
  ] as const) {
    const page = await visit(`${dossier.url}/briefings/a-signal`, { headers: cast[name].headers });
    expect([name, page.html.querySelector(WAY) !== null]).toEqual([name, offered]);
  }
});

test('its token is kept as a hash, is in no log, and goes with the account', async () => {
  const path = await giftFrom('trial');
  const token = path.split('/').at(-1)!;
  const stored = await dossier.wall.read(accountsViewer, (db) => db.giftLink.findMany());
  expect(JSON.stringify(stored)).not.toContain(token);
  const rename = (from: string, to: string) =>
    asSuperuserIn(dossier.urls.superuser, (client) => client.query(`ALTER TABLE ${from} RENAME TO ${to}`));
  await rename('editions', 'editions_elsewhere');
  expect((await read(path)).status).toBe(500);
  await rename('editions_elsewhere', 'editions');
  expect(JSON.stringify(dossier.logged)).not.toContain(token);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.delete({ where: { id: cast.trial.id! }, select: { id: true } }),
  );
  expect((await read(path)).status).toBe(404);
});
