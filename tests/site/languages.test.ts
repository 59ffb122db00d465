import { randomUUID } from 'node:crypto';
import { adminViewer } from '../../src/access/viewer';
import { loadSetting, saveSetting, settingVersion } from '../../src/site/settings/save';
import type { SettingName, SettingValue } from '../../src/site/settings/schemas';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let other: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ samples: true });
  other = await startDossier({ on: dossier.urls });
});
afterAll(async () => {
  await other.stop();
  await dossier.stop();
});
afterEach(() =>
  dossier.wall.write(adminViewer, async (db) => {
    await db.siteSetting.deleteMany({});
    await db.phrase.deleteMany({});
  }),
);

const at = (path: string, of = dossier) => visit(`${of.url}${path}`);
const set = async <Name extends SettingName>(name: Name, value: SettingValue<Name>) => {
  const expectedVersion = settingVersion(await dossier.wall.read(adminViewer, (db) => loadSetting(db, name)));
  const change = {
    name,
    value,
    expectedVersion,
    submissionId: randomUUID(),
    at: new Date(),
    by: { actor: { id: null, name: 'a test' } },
  };
  expect(await saveSetting(dossier.wall, change)).toBe('saved');
};
const languages = (...list: readonly string[]) => ({
  list: list.map((one) => {
    const [code = '', off] = one.split(' ');
    return { code, dir: code === 'ar' ? ('rtl' as const) : ('ltr' as const), on: off !== 'off' };
  }),
});

test('another first language moves every address, in every process and without a restart; old ones lead on', async () => {
  const before = await at('/es');
  expect([before.status, before.html.querySelector('html')?.getAttribute('lang')]).toEqual([200, 'es']);
  await set('languages', languages('es', 'en'));
  for (const process of [dossier, other]) {
    await until(async () => (await at('/', process)).html.querySelector('html')?.getAttribute('lang') === 'es');
    expect((await at('/en', process)).html.querySelector('html')?.getAttribute('lang')).toBe('en');
  }
  const page = await at('/pricing');
  expect(page.html.querySelector('link[rel=canonical]')?.getAttribute('href')).toBe(`${dossier.url}/pricing`);
  expect(
    page.html
      .querySelectorAll('link[hreflang]')
      .map((link) => [link.getAttribute('hreflang'), link.getAttribute('href')]),
  ).toEqual([
    ['es', `${dossier.url}/pricing`],
    ['en', `${dossier.url}/en/pricing`],
    ['x-default', `${dossier.url}/pricing`],
  ]);
  const old = await at('/es/pricing?page=1&x=%2F');
  expect([old.status, old.headers.get('location')]).toEqual([301, '/pricing?page=1&x=%2F']);
  expect(old.headers.get('cache-control')).toBe('no-cache');
  expect((await at('/es')).headers.get('location')).toBe('/');
  const form = await visit(`${dossier.url}/es/login`, {
    method: 'POST',
    headers: { Origin: dossier.url, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'email=a',
  });
  expect([form.status, form.headers.get('location')]).toEqual([308, '/login']);
  for (const elsewhere of ['/es/%5cevil.example', '/es/\\evil.example'])
    expect((await at(elsewhere)).headers.get('location') ?? '/').not.toMatch(/^\/[/\\]/);
  expect((await at('/api/v1/briefings?language=es')).status).toBe(200);
});

test('a language that is off leads to the first one for now, and is offered nowhere', async () => {
  await set('languages', languages('en', 'es off'));
  await until(async () => (await at('/es')).status === 302);
  expect((await at('/es/pricing')).headers.get('location')).toBe('/pricing');
  const front = await at('/');
  expect(front.html.querySelectorAll('link[hreflang], nav.languages')).toEqual([]);
  expect((await at('/api/v1/briefings?language=es')).status).toBe(400);
  await set('languages', languages('en', 'es'));
  await until(async () => (await at('/es')).status === 200);
  expect((await at('/fr')).status).toBe(404);
});

test('an added language says what it has; what it lacks is said in the first, marked with its language and direction', async () => {
  await set('languages', languages('en', 'ar'));
  await dossier.wall.write(adminViewer, (db) =>
    db.phrase.createMany({
      data: [
        { lang: 'ar', key: 'nav.login', value: 'دخول', changedAt: new Date() },
        { lang: 'en', key: 'nav.join', value: 'Come in', changedAt: new Date() },
      ],
    }),
  );
  await until(async () => said(await at('/ar'), '.top-who a[href*=login]') === 'دخول');
  const page = await at('/ar');
  expect(page.html.querySelector('html')?.attributes).toEqual({ lang: 'ar', dir: 'rtl' });
  expect(page.html.querySelector('.top-who a.pill')?.innerHTML).toBe('<span lang="en" dir="ltr">Come in</span>');
  expect(page.text).not.toMatch(/[\uFDD0-\uFDD2]/);
  expect(page.html.querySelector('title')?.innerHTML).not.toContain('span');
  expect(said(await at('/'), '.top-who a.pill')).toBe('Come in');
});

test('what a tier says in another language is marked wherever it stands, and in no title, attribute or API', async () => {
  await set('languages', languages('en', 'ar'));
  await until(async () => (await at('/ar/pricing')).status === 200);
  const prices = await at('/ar/pricing');
  expect(prices.html.querySelector('.plan-blurb')?.innerHTML).toMatch(/^<span lang="en" dir="ltr">.+\.<\/span>$/);
  expect(prices.html.querySelector('.opens thead .tier span')?.innerHTML).toMatch(/^<span lang="en" dir="ltr">/);
  expect(prices.text).not.toMatch(/[\uFDD0-\uFDD2]/);
  expect((await at('/pricing')).html.querySelector('.plan-blurb')?.innerHTML).not.toContain('<span');
});

test('times are told in the time zone that is set, in its style', async () => {
  const days = async () => (await at('/')).html.querySelectorAll('main time').map((time) => time.text);
  const before = await days();
  await set('time', { zone: 'Pacific/Kiritimati', dates: 'iso' });
  await until(async () => (await days()).every((day) => /^\d{4}-\d\d-\d\d$/.test(day)));
  expect(before.length).toBeGreaterThan(3);
});
